#!/usr/bin/env python3
"""image.py - container images without a registry: a docker archive of files of this machine.

usage: image.py NAME OUT.tar [-e VARIABLE=VALUE]... FROM=TO...

Each file or folder FROM of this machine is at TO in the image.  Programs bring along the libraries
that ldd says they need.  PATH holds every folder of programs; a single program is what the image
runs.
"""
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile


def libraries(path):
    """What the loader would load, and the loader."""
    done = subprocess.run(["ldd", path], capture_output=True, text=True, check=False)
    return re.findall(r"(/\S+) \(0x", done.stdout)


def write_layer(pairs):
    """(the layer, PATH): root's files, as they are."""
    out, folders, added = io.BytesIO(), [], set()
    with tarfile.open(fileobj=out, mode="w") as layer:
        def add(source, target):
            if target not in added:
                added.add(target)
                layer.add(os.path.realpath(source), target.lstrip("/"), filter=of_root)
        for source, target in pairs:
            add(source, target)
            if os.path.isfile(source) and os.access(source, os.X_OK):
                folders.append(os.path.dirname(target))
                for library in libraries(source):
                    add(library, library)
    return out.getvalue(), ":".join(dict.fromkeys(folders))


def of_root(info):
    info.uid = info.gid = info.mtime = 0
    info.uname = info.gname = "root"
    return info


def main():
    words = sys.argv[3:]
    variables = []
    while words[:1] == ["-e"]:
        variables.append(words[1])
        words = words[2:]
    if not words:
        sys.exit(__doc__)
    name, archive = sys.argv[1:3]
    pairs = [pair.split("=", 1) for pair in words]
    layer, path = write_layer(pairs)
    # Of several programs none is the one that an image begins with.
    begin = {"Entrypoint": [pairs[0][1]]} if len(pairs) == 1 else {}
    config = json.dumps({
        "architecture": "amd64", "os": "linux",
        "config": {"Env": [f"PATH={path}", *variables], **begin},
        "rootfs": {"type": "layers",
                   "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]}}).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [name],
                            "Layers": ["layer.tar"]}]).encode()
    with tarfile.open(archive, "w") as out:
        for entry, content in (("config.json", config), ("layer.tar", layer),
                               ("manifest.json", manifest)):
            info = tarfile.TarInfo(entry)
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))


if __name__ == "__main__":
    main()

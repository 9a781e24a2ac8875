"""The picture of CONTRIBUTING.md, "The floors", drawn from the sources: imports go down only."""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = (
    ("geodata", "accounts"),
    ("layers",),
    ("tiles", "services", "office", "planning", "coverage"),
    ("mapapp",),
)
HEIGHT = {app: height for height, floor in enumerate(FLOORS) for app in floor}
OUTSIDE = ("scripts", "tests")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def modules() -> Iterator[Path]:
    """Every source file of every app, relative to the root."""
    for app in HEIGHT:
        yield from (path.relative_to(ROOT) for path in sorted((ROOT / app).glob("**/*.py")))


def imported(node: ast.AST, module: Path) -> list[str]:
    """Full names of what an import statement imports from; empty for every other statement."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = module.parts[: len(module.parts) - node.level] if node.level else ()
        return [".".join([*above, node.module or ""])]
    return []


def project_imports(module: Path, nodes: Iterator[ast.AST]) -> Iterator[str]:
    """`file:line imports name` for each import of a module of this project among the nodes."""
    for node in nodes:
        for name in imported(node, module):
            if name.split(".")[0] in (*HEIGHT, *OUTSIDE):
                yield f"{module}:{node.lineno} imports {name}"  # type: ignore[attr-defined]


def goes_down(arrow: str) -> bool:
    """True when the arrow stays in its app or ends on a lower floor."""
    upper, lower = arrow.split("/")[0], arrow.rpartition(" ")[2].split(".")[0]
    return upper == lower or HEIGHT.get(lower, len(FLOORS)) < HEIGHT[upper]


def tree(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def inside_functions(module: Path) -> Iterator[ast.AST]:
    """What stands inside functions, but for `ready` of apps.py: before it Django has no models to import."""
    functions = (node for node in ast.walk(tree(module)) if isinstance(node, FUNCTIONS))
    counted = (node for node in functions if not (module.name == "apps.py" and node.name == "ready"))
    return chain.from_iterable(map(ast.walk, counted))


def test_imports_go_down_only():
    arrows = chain.from_iterable(project_imports(module, ast.walk(tree(module))) for module in modules())
    assert [arrow for arrow in arrows if not goes_down(arrow)] == []


def test_no_function_imports_a_module_of_the_project():
    hidden = chain.from_iterable(project_imports(module, inside_functions(module)) for module in modules())
    assert sorted(set(hidden)) == []


def test_it_names_upward_and_sideways_arrows():
    assert not goes_down("layers/query.py:3 imports tiles.mvt")
    assert not goes_down("tiles/mvt.py:3 imports services.api")
    assert not goes_down("geodata/models.py:3 imports accounts.models")
    assert not goes_down("mapapp/views.py:3 imports scripts.places")
    assert goes_down("mapapp/views.py:3 imports layers.query")


def test_it_reads_relative_imports():
    node = ast.parse("from ..models import X").body[0]
    assert imported(node, Path("layers/registers/sites.py")) == ["layers.models"]

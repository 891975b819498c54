"""Make ``.venv`` from a hashed lock and start again inside it. Standard library only.

A fresh checkout needs nothing but Python 3.11 and pip. Debian's pip refuses to install outside a virtual
environment (PEP 668), but installing into a folder of one's own is allowed, so uv is fetched that way and makes
``.venv`` in seconds; where uv cannot be had, is too slow or fails, pip does the same. An installed wheel brings its
packages along and skips all of this.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WORKSHOP = ROOT / ".venv-uv"
"""Our own uv, and the file that keeps two first starts apart."""

WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
UV = WORKSHOP / "tool" / "bin" / ("uv.exe" if WINDOWS else "uv")

COVERED_BY = {
    "app.txt": ("app.txt", "test.txt", "lint.txt"),
    "test.txt": ("test.txt", "lint.txt"),
    "lint.txt": ("lint.txt",),
}
"""Each lock holds all of the smaller ones, version for version; a house test sees to it."""

SECONDS_TO_ANSWER = 20
SECONDS_FOR_UV_ITSELF = 120
SECONDS_FOR_A_VENV = 90
SECONDS_WITH_UV = 420
SECONDS_WITH_PIP = 1800
SECONDS_FOR_ANOTHER_START = 1800

HELP = "On Debian: apt install python3-pip python3-venv. Behind a mirror: set pip's index-url."


def ensure(lock_name: str) -> None:
    """Return inside an environment that has everything the lock names; start the command again there if need be.

    Idempotent, and safe when several starts or an interrupted one meet. Ends the program with one line when no
    environment can be made.
    """
    if not (ROOT / "pyproject.toml").is_file():
        return
    try:
        if not _stands(lock_name):
            with _alone():
                if not _stands(lock_name):
                    _prepare(lock_name)
    except OSError as error:
        sys.exit(f"incentives: {VENV.name} could not be made: {error}.")
    if Path(sys.prefix).resolve() != VENV.resolve():
        _start_again()


def _stands(lock_name: str) -> bool:
    return PYTHON.exists() and any(_stamp(name) == _digest(name) for name in COVERED_BY[lock_name])


def _digest(lock_name: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / lock_name).read_bytes()).hexdigest()


def _stamp_file(lock_name: str) -> Path:
    return VENV / f".incentives-{lock_name}"


def _stamp(lock_name: str) -> str | None:
    path = _stamp_file(lock_name)
    return path.read_text(encoding="ascii") if path.is_file() else None


def _prepare(lock_name: str) -> None:
    """Install the lock. Stamps go first and come last, so an interrupted turn is simply taken up again."""
    began = time.monotonic()
    _note(f"preparing {VENV.name} from requirements/{lock_name}; this is done once …")
    for name in COVERED_BY:
        _stamp_file(name).unlink(missing_ok=True)
    lock = ROOT / "requirements" / lock_name
    trouble = _with_uv(lock)
    if trouble:
        _note(f"uv cannot help here ({trouble}); pip takes longer …")
        trouble = _with_pip(lock)
    if trouble:
        sys.exit(f"incentives: the packages could not be installed ({trouble}). {HELP}")
    _stamp_file(lock_name).write_text(_digest(lock_name), encoding="ascii")
    _note(f"ready after {time.monotonic() - began:.0f} s.")


def _with_uv(lock: Path) -> str:
    """Make the environment and fill it with uv. Returns what went wrong, empty if nothing did."""
    settings = _pip_settings()
    if "no-index" in settings:
        return "pip is told to use no index"
    uv = _find_uv()
    if uv is None:
        return "it could not be had"
    environment = _uv_environment(settings)
    trouble = ""
    if not _works():
        make = (uv, "venv", "-q", "--clear", "--python", _maker(), VENV)
        trouble = _run(SECONDS_FOR_A_VENV, environment, *make)
    fill = (uv, "pip", "install", "-q", "--python", PYTHON, "--require-hashes", "-r", lock)
    return trouble or _run(SECONDS_WITH_UV, environment, *fill)


def _with_pip(lock: Path) -> str:
    """The same with pip: the one outside if there is one (ensurepip may be missing), else one of the venv's own."""
    install = ("install", "-q", "--require-hashes", "-r", lock)
    trouble = "" if _works() else _run(SECONDS_FOR_A_VENV, {}, _maker(), "-m", "venv", "--clear", "--without-pip", VENV)
    if not trouble:
        trouble = _run(SECONDS_WITH_PIP, PIP, _maker(), "-m", "pip", "--python", PYTHON, *install)
    if not trouble:
        return ""
    if _run(SECONDS_FOR_A_VENV, {}, _maker(), "-m", "venv", VENV):
        return trouble
    return _run(SECONDS_WITH_PIP, PIP, PYTHON, "-m", "pip", *install)


PIP = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
"""Personal settings that would make pip refuse, turned off."""


def _works() -> bool:
    """Whether the environment's Python starts; a half-made or orphaned one does not."""
    return PYTHON.exists() and not _run(
        SECONDS_FOR_A_VENV, {}, PYTHON, "-c", "import encodings, sys; sys.exit(sys.prefix == sys.base_prefix)"
    )


def _maker() -> str:
    """The Python that makes the environment: never the one inside it, which may be about to be replaced."""
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    return getattr(sys, "_base_executable", sys.executable) if inside else sys.executable


def _find_uv() -> str | None:
    for candidate in (shutil.which("uv"), str(UV) if UV.exists() else None):
        if candidate and not _run(SECONDS_TO_ANSWER, {}, candidate, "--version"):
            return candidate
    _note("fetching uv, the installer …")
    shutil.rmtree(UV.parent.parent, ignore_errors=True)
    trouble = _run(
        SECONDS_FOR_UV_ITSELF, PIP, _maker(), "-m", "pip", "install", "-q", "--target", UV.parent.parent, "uv"
    )
    return None if trouble or not UV.exists() else str(UV)


def _pip_settings() -> dict[str, str]:
    """What this machine's pip is told about where packages come from; its own order of precedence."""
    command = [_maker(), "-m", "pip", "config", "list"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_TO_ANSWER, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return {}
    found = dict(re.findall(r"^(\S+?)=(.*)$", listed, re.MULTILINE))
    merged: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for key, value in found.items():
            if key.startswith(section):
                merged[key.removeprefix(section)] = str(ast.literal_eval(value))
    return merged


def _uv_environment(pip: dict[str, str]) -> dict[str, str]:
    """Hand pip's mirror, certificate and proxy on to uv, which does not read them, unless uv has been told itself.

    Never let it download a Python. With several indexes the locked hashes decide, so all of them may be asked.
    """
    handed_on = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "UV_HTTP_TIMEOUT": "30"}
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX"} & set(os.environ):
        names = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "trusted-host": "UV_INSECURE_HOST"}
        handed_on |= {uv: " ".join(pip[name].split()) for name, uv in names.items() if name in pip}
        handed_on["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    names = {"cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY", "find-links": "UV_FIND_LINKS"}
    handed_on |= {uv: ",".join(pip[name].split()) for name, uv in names.items() if name in pip and uv not in os.environ}
    return handed_on


def _run(seconds: int, environment: dict[str, str], *command: str | Path) -> str:
    """Run quietly. Returns the last line of complaint, empty when all went well."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, errors="replace", timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"nothing after {seconds} s"
    except OSError as error:
        return str(error)
    said = [line.strip() for line in (done.stderr + "\n" + done.stdout).splitlines() if line.strip()]
    return "" if done.returncode == 0 else (said[-1] if said else f"exit code {done.returncode}")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one start at a time make the environment. The system drops the lock when its holder dies."""
    WORKSHOP.mkdir(exist_ok=True)
    with (WORKSHOP / "lock").open("a+b") as file:
        patience = time.monotonic() + SECONDS_FOR_ANOTHER_START
        told = False
        while not _locked(file.fileno()):
            if time.monotonic() > patience:
                sys.exit("incentives: another start has been preparing the environment for too long; end it first.")
            if not told:
                _note("another start is preparing the environment; waiting …")
                told = True
            time.sleep(0.3)
        yield


if sys.platform == "win32":
    import msvcrt

    def _locked(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _start_again() -> None:
    """The same command, inside the environment. The folder it was given in stays, for paths among its words."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path}
    command = [str(PYTHON), "-m", "incentives", *sys.argv[1:]]
    if WINDOWS:  # has no exec that keeps the console
        sys.exit(subprocess.call(command, env=environment))
    sys.stdout.flush()
    os.execve(command[0], command, environment)  # noqa: S606 (no shell is meant)


def _note(text: str) -> None:
    print(f"incentives: {text}", file=sys.stderr, flush=True)

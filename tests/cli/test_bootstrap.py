"""A fresh checkout makes its own environment, once, whatever this machine's uv and pip are like."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
import venv
from pathlib import Path

import pytest

from incentives import _bootstrap

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in programs are shell scripts")

LOCK = "# nothing to install\n"
UV_THAT_WORKS = """\
#!/bin/sh
echo "$@" >> {log}
case "$1" in
  venv) exec {python} -m venv --without-pip --clear "$6" ;;
esac
"""


class Checkout:
    """A copy of the bootstrap in a folder of its own, with empty locks, so that nothing is ever downloaded."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.log = root / "uv.log"
        self.package = root / "incentives"
        self.package.mkdir(parents=True)
        (root / "pyproject.toml").touch()
        (self.package / "__init__.py").touch()
        (self.package / "_bootstrap.py").write_text(
            Path(_bootstrap.__file__).read_text(encoding="utf-8"), encoding="utf-8"
        )
        (self.package / "__main__.py").write_text(
            textwrap.dedent("""\
                import sys
                from incentives import _bootstrap
                _bootstrap.ensure(sys.argv[1])
                print(sys.prefix, *sys.argv[2:])
            """),
            encoding="utf-8",
        )
        (root / "requirements").mkdir()
        for lock in _bootstrap.COVERED_BY:
            (root / "requirements" / lock).write_text(LOCK, encoding="utf-8")
        self.programs = root / "programs"
        self.programs.mkdir()

    def uv(self, script: str) -> None:
        """Put a stand-in for uv on the path."""
        path = self.programs / "uv"
        path.write_text(script.format(log=self.log, python=sys.executable), encoding="utf-8")
        path.chmod(0o755)

    def begin(self, lock: str = "app.txt", *words: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
        return subprocess.Popen(  # noqa: S603 (this very Python)
            [sys.executable, "-m", "incentives", lock, *words],
            cwd=self.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**kept, "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"},
        )  # fmt: skip

    def start(self, lock: str = "app.txt", *words: str) -> tuple[int, str, str]:
        process = self.begin(lock, *words)
        out, err = process.communicate(timeout=200)
        return process.returncode, out.strip(), err

    @property
    def venv(self) -> Path:
        return self.root / ".venv"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def test_the_first_start_makes_the_environment_and_goes_on_inside_it(checkout: Checkout) -> None:
    checkout.uv(UV_THAT_WORKS)
    code, out, err = checkout.start("app.txt", "a word")
    assert (code, out) == (0, f"{checkout.venv} a word")
    assert "preparing .venv" in err


def test_the_second_start_makes_nothing(checkout: Checkout) -> None:
    checkout.uv(UV_THAT_WORKS)
    checkout.start()
    checkout.log.unlink()
    code, out, err = checkout.start()
    assert (code, out, err) == (0, str(checkout.venv), "")
    assert not checkout.log.exists()


def test_a_new_lock_is_installed_at_the_next_start(checkout: Checkout) -> None:
    checkout.uv(UV_THAT_WORKS)
    checkout.start()
    (checkout.root / "requirements" / "app.txt").write_text("# changed\n", encoding="utf-8")
    assert "preparing .venv" in checkout.start()[2]
    assert "preparing .venv" not in checkout.start()[2]


def test_going_from_the_tests_to_the_product_installs_and_removes_nothing(checkout: Checkout) -> None:
    checkout.uv(UV_THAT_WORKS)
    checkout.start("test.txt")
    kept = checkout.venv / "kept"
    kept.touch()
    assert checkout.start("app.txt") == (0, str(checkout.venv), "")
    assert "preparing" in checkout.start("lint.txt")[2]
    assert kept.exists()


def test_where_uv_fails_pip_does_it(checkout: Checkout) -> None:
    checkout.uv("#!/bin/sh\n[ $1 = --version ] && exit 0\necho 'error: no such thing' >&2\nexit 2\n")
    code, out, err = checkout.start()
    assert (code, out) == (0, str(checkout.venv))
    assert "uv cannot help here (error: no such thing)" in err


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Checkout) -> None:
    checkout.uv(UV_THAT_WORKS)
    checkout.start()
    python = checkout.venv / "bin" / "python"
    python.unlink()
    python.symlink_to(checkout.root / "no-such-python")
    assert checkout.start()[:2] == (0, str(checkout.venv))


def test_a_half_made_environment_is_finished_by_the_next_start(checkout: Checkout) -> None:
    checkout.uv(UV_THAT_WORKS)
    venv.create(checkout.venv, with_pip=False)
    (checkout.venv / "pyvenv.cfg").unlink()
    assert checkout.start()[:2] == (0, str(checkout.venv))


def test_two_starts_at_once_make_one_environment(checkout: Checkout) -> None:
    checkout.uv(UV_THAT_WORKS.replace("venv)", "venv) sleep 2;"))
    both = [checkout.begin(), checkout.begin()]
    answers = [process.communicate(timeout=200) for process in both]
    assert [out.strip() for out, _ in answers] == [str(checkout.venv)] * 2
    assert checkout.log.read_text(encoding="utf-8").count("pip install") == 1


def test_an_installed_package_is_left_alone(checkout: Checkout) -> None:
    (checkout.root / "pyproject.toml").unlink()
    code, out, _ = checkout.start()
    assert code == 0
    assert out != str(checkout.venv)
    assert not checkout.venv.exists()


def test_the_stamp_is_the_hash_of_the_lock(checkout: Checkout) -> None:
    checkout.uv(UV_THAT_WORKS)
    checkout.start()
    stamp = (checkout.venv / ".incentives-app.txt").read_text(encoding="ascii")
    assert stamp == hashlib.sha256(LOCK.encode()).hexdigest()


def test_uv_is_told_pips_mirror_and_never_to_fetch_a_python(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    environment = _bootstrap._uv_environment({"index-url": "mirror", "extra-index-url": "one\ntwo", "cert": "ca.pem"})
    assert environment["UV_DEFAULT_INDEX"] == "mirror"
    assert environment["UV_INDEX"] == "one two"
    assert environment["SSL_CERT_FILE"] == "ca.pem"
    assert environment["UV_PYTHON_DOWNLOADS"] == "never"


def test_an_index_that_uv_was_told_itself_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "my own")
    assert "UV_DEFAULT_INDEX" not in _bootstrap._uv_environment({"index-url": "mirror"})


def test_a_program_that_hangs_is_given_up() -> None:
    assert _bootstrap._run(1, {}, sys.executable, "-c", "import time; time.sleep(30)") == "nothing after 1 s"


def test_the_last_words_of_a_failing_program_are_kept() -> None:
    assert _bootstrap._run(20, {}, sys.executable, "-c", "import sys; sys.exit('first\\nlast')") == "last"


def test_a_program_that_is_not_there_is_told_in_words() -> None:
    assert "No such file" in _bootstrap._run(20, {}, "/no/such/program")

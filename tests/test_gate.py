"""A skipped test fails the gate."""

from pathlib import Path

import pytest

CONFTEST = (Path(__file__).parent / "conftest.py").read_text()


@pytest.mark.parametrize(
    "test",
    [
        "import pytest\n@pytest.mark.skip(reason='tired')\ndef test_it(): pass",
        "import pytest\ndef test_it(): pytest.skip('tired')",
        "import pytest\npytest.skip('tired', allow_module_level=True)",
        "import pytest\npytest.importorskip('a_module_that_is_not_there', reason='tired')",
        "import pytest\n@pytest.mark.xfail(reason='tired')\ndef test_it(): assert False",
    ],
    ids=["mark", "call", "module", "missing module", "expected failure"],
)
def test_a_skipped_test_fails_and_says_why(pytester: pytest.Pytester, test: str) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test)

    result = pytester.runpytest_inprocess()  # a process would import torch for each of them

    assert result.ret != 0
    assert "skipped" not in result.parseoutcomes()
    result.stdout.fnmatch_lines(["*which is a failure here*"])

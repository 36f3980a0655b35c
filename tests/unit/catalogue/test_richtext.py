"""What of a text from the editor is kept."""

import pytest

from catalogue.richtext import clean


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>One.</p><p><br></p><p>Two.</p>", "<p>One.</p><p>Two.</p>"),
        ("<p><br></p>", ""),
        ("<p> </p>", ""),
        ("<div>Pasted</div><script>alert(1)</script>", "Pasted"),
        ('<p style="color:red">Red <del>words</del></p>', "<p>Red words</p>"),
        ("<ul><li><strong>One</strong></li></ul>", "<ul><li><strong>One</strong></li></ul>"),
    ],
)
def test_a_text_keeps_the_mark_up_we_print_and_no_empty_paragraph(written: str, kept: str) -> None:
    assert clean(written) == kept


def test_a_link_cannot_run_a_script() -> None:
    assert "javascript" not in clean('<a href="javascript:alert(1)">here</a>')

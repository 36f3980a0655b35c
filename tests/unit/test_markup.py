"""The judge of pages finds what it is there to find, and lets a sound page pass."""

import pytest

from tests.markup import problems

SOUND = """<!doctype html>
<html lang="en-GB"><head><title>A page</title></head><body><main>
<h1>A page</h1><h2 id="part">Part</h2><section aria-labelledby="part">
<p>Text<br>more <img src="/a.png" alt=""></p></section>
<form><label for="name">Name</label><input id="name" name="name">
<label>Size <select name="size"></select></label></form>
<svg><path d="M0 0"/></svg></main></body></html>"""


def test_a_sound_page_passes():
    assert problems(SOUND) == []


@pytest.mark.parametrize(
    ("sound", "broken", "said"),
    [
        ("<!doctype html>", "", "no doctype"),
        (' lang="en-GB"', "", "no language"),
        ("</section>", "", "closes"),
        ('id="name"', 'id="part"', "the id part stands there 2 times"),
        ('aria-labelledby="part"', 'aria-labelledby="gone"', "names nothing"),
        ('<label for="name">Name</label>', "", "has no label"),
        (' alt=""', "", "without alt"),
        ("<p>Text", "<p><div>Text</div>", "<div> in <p>"),
        ("<p>Text", "<p><center>Text</center>", "obsolete"),
        ("<p>Text", '<p align="left">Text', "obsolete"),
        ("<h2", "<h1>Another</h1><h2", "<h1> stands there 2 times"),
        ('<h2 id="part">Part</h2>', '<h3 id="part">Part</h3>', "<h3> follows <h1>"),
        ("<p>Text", '<p class="a" class="b">Text', "twice"),
        ("<p>Text", "<ul><p>x</p></ul><p>Text", "directly in <ul>"),
        ("<p>Text", '<p><a href="/"><button>x</button></a>Text', "pressed"),
        ("<p>Text", '<p style="color: red">Text', "stands in the page itself"),
        ("<p>Text", "<p/>Text", "does not close"),
    ],
)
def test_what_is_wrong_is_said(sound, broken, said):
    assert sound in SOUND
    assert any(said in problem for problem in problems(SOUND.replace(sound, broken, 1)))

"""The sample designs, in the order the catalogue shows them."""

from . import animals, city, kitchen, lettering, sky
from .catalogue import Artwork

EVERYTHING = {"tshirt": ("paper", "ink", "signal", "moss", "dusk"), "cushion": ("paper", "signal", "dusk")}
NOT_ON_RED = {"tshirt": ("paper", "ink", "moss", "dusk"), "cushion": ("paper", "dusk")}

DESIGNS = (
    Artwork(
        "read-slowly",
        "Read Slowly",
        "A snail, a pair of glasses, and nowhere else to be.",
        "Nobody ever regretted finishing a long piece, only starting it too late. Our snail carries the"
        " paper rolled up on its back and still stops for the book reviews. Wear it to the library, or "
        "to a queue you do not mind.",
        ("Reading", "Nature"),
        animals.read_slowly,
        EVERYTHING,
    ),
    Artwork(
        "a-better-question",
        "Ask a Better Question",
        "Four inks, one bend, and no answer yet.",
        "Most answers are fine; it is the questions that want work. This one is drawn as a road with "
        "four lanes and a sharp turn, because that is how the good ones go. It suits meetings, seminars"
        " and family dinners.",
        ("Letters",),
        lettering.better_question,
        EVERYTHING,
    ),
    Artwork(
        "footnotes-forever",
        "Footnotes Forever",
        "A very small note about a very large star.",
        "The best part of a page is often the part at the bottom in smaller type. Here the asterisk has"
        " been given the room it always wanted, in a single red. There is no further "
        "explanation below.",
        ("Reading", "Letters"),
        lettering.footnotes_forever,
        EVERYTHING,
    ),
    Artwork(
        "across-the-story",
        "Across the Story",
        "Our animal correspondent is lying on the front page.",
        "Every newsroom needs somebody who is all over the story, and this one has been since "
        "breakfast. It has read as far as the crossword and gone to sleep on the answers. Please do not"
        " move the cat.",
        ("Reading", "Nature"),
        animals.across_the_story,
        EVERYTHING,
    ),
    Artwork(
        "keep-a-light-on",
        "Keep a Light On",
        "Six beams, four waves, one keeper awake.",
        "A lighthouse does not argue with the weather; it just keeps saying where the rocks are. We "
        "liked that as a plan of work. The waves are printed as a net, for anyone who swims towards it.",
        ("Sky", "Nature"),
        sky.keep_a_light_on,
        EVERYTHING,
    ),
    Artwork(
        "the-kettle-is-on",
        "The Kettle Is On",
        "The oldest invitation in the house, in three inks.",
        "Long talks begin with water. The handle is drawn larger than life, so that there is room for "
        "every hand that reaches for it. Milk first or milk last: we take no side.",
        ("Kitchen",),
        kitchen.kettle_is_on,
        NOT_ON_RED,
    ),
    Artwork(
        "morning-edition",
        "Morning Edition",
        "The sun comes up through three columns of print.",
        "Before the town wakes there is an hour when the page and the sky are the same colour. We put "
        "the sun where the headline goes and let the columns run down to the reader's feet. Best worn "
        "before nine.",
        ("Sky", "Reading"),
        sky.morning_edition,
        EVERYTHING,
    ),
    Artwork(
        "corrections-welcome",
        "Corrections Welcome",
        "We left one out on purpose.",
        "Getting it right sometimes means getting it wrong first, in large letters, in public. The "
        "missing letter was put back by hand, in another ink. If you find another mistake, you "
        "may keep it.",
        ("Letters",),
        lettering.corrections_welcome,
        EVERYTHING,
    ),
    Artwork(
        "ripe-for-discussion",
        "Ripe for Discussion",
        "Is it a fruit? Pull up a chair.",
        "A tomato seen through the printer's screen, with the light made of dots and nothing else. Left"
        " on the windowsill in August, it is ready for the table and for the argument. Fruit or "
        "vegetable is up to you.",
        ("Kitchen", "Nature"),
        kitchen.ripe_for_discussion,
        NOT_ON_RED,
    ),
    Artwork(
        "dear-reader",
        "Dear Reader",
        "A typewriter, halfway through its first line.",
        "Every letter starts with the same two words and then it is anyone's guess. The cursor is red "
        "because the ribbon had been, once. There is room on the page for the rest of yours.",
        ("Letters", "City"),
        city.dear_reader,
        EVERYTHING,
    ),
    Artwork(
        "paper-planes",
        "Another Way",
        "A flock of folded pages, and one that had a thought.",
        "Seventeen sheets of paper agree about the wind. The eighteenth has read something and turned "
        "round to tell the others. No words on this one: it says what it has to.",
        ("Sky",),
        sky.paper_planes,
        EVERYTHING,
    ),
    Artwork(
        "every-story-grows",
        "Every Story Grows",
        "From a rumour to a story in five moons.",
        "It starts as hardly anything, a rim of light and somebody who heard something. Then it fills, "
        "with work, until you can read by it. The dark part is there the whole time; that is what the "
        "lead is for.",
        ("Sky", "Reading"),
        sky.every_story_grows,
        EVERYTHING,
    ),
    Artwork(
        "and-another-thing",
        "And Another Thing",
        "An ampersand that will not let it drop.",
        "The friendliest sign on the keyboard means that somebody is not finished. We printed it three "
        "times, each a little to the side, the way a good talker comes back to the point. Carry on; we "
        "are listening.",
        ("Letters",),
        lettering.another_thing,
        EVERYTHING,
    ),
    Artwork(
        "good-news-travels",
        "Good News Travels",
        "At about ten miles an hour, with a basket.",
        "Three papers in the basket, a hill ahead, and no hurry at all. The spokes were counted twice "
        "and there are enough of them. Bring the bread back on the way home.",
        ("City",),
        city.delivered_by_hand,
        EVERYTHING,
    ),
    Artwork(
        "one-more-chapter",
        "One More Chapter",
        "The whole house is asleep, but for one lamp.",
        "Five floors, two dozen windows, and somebody who said ten more minutes an hour ago. There is"
        " always one. If you know which window is yours, this is for you.",
        ("City", "Reading"),
        city.one_more_chapter,
        EVERYTHING,
    ),
    Artwork(
        "letters-in-leaf",
        "Letters in Leaf",
        "An alphabet in full summer, with a bench below.",
        "Some people see a tree and some see a dictionary that has got out of hand. The bench is placed"
        " for the shade and the first two fallen letters. Sit down; more will come.",
        ("Nature", "Letters"),
        lettering.letter_tree,
        EVERYTHING,
    ),
)

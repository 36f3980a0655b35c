"""What stands in the index: an entry for each public product and each listed story, made from what they say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.models import Design, Garment, Product
from catalogue.selectors import public_products
from shop.articles.models import Article, ArticleDesign
from shop.articles.selectors import listed
from shop.search.models import Entry, Synonyms
from shop.search.words import stem, stems, without_markup, words

#: A word each entry of a kind has, so that one search can ask for one kind; nobody types these.
KIND_WORDS = {kind: f"isa{kind}" for kind in Entry.Kind}


@dataclass(frozen=True)
class Document:
    """An entry, and the words of it as they are written, for help with spelling."""

    entry: Entry
    words: frozenset[str]


def key_of(kind: str, number: int) -> str:
    return f"{kind}:{number}"


def of_products(numbers: Collection[int]) -> list[Document]:
    """Return the documents of those of the products that shoppers may see (six queries)."""
    products = list(public_products().filter(pk__in=numbers))
    designs = {product.design_id for product in products}
    themes, told = _themes(designs), _told(designs)
    variants, groups = _variants([product.pk for product in products]), _groups()
    return [
        _product(
            product, [*themes[product.design_id], *variants[product.pk]], told[product.design_id], groups
        )
        for product in products
    ]


def of_stories(numbers: Collection[int]) -> list[Document]:
    """Return the documents of those of the stories that lists show (three queries)."""
    articles = list(listed().filter(pk__in=numbers))
    links: dict[int, list[tuple[int, str]]] = defaultdict(list)
    found = ArticleDesign.objects.filter(article__in=articles, design__is_public=True)
    for article, design, title in found.values_list("article_id", "design_id", "design__title"):
        links[article].append((design, title))
    groups = _groups()
    return [_story(article, links[article.pk], groups) for article in articles]


def _product(product: Product, labels: list[str], told: list[str], groups: "Groups") -> Document:
    design: Any = product.design
    garment: Any = product.garment
    return _document(
        Entry(
            kind=Entry.Kind.PRODUCT,
            number=product.pk,
            slug=product.slug,
            name=design.title,
            note=garment.name,
            designs=[design.pk],
        ),
        title=f"{design.title} {product.title}",
        labels=[garment.name, str(Garment.Kind(garment.kind).label), *labels],
        texts=[design.summary, without_markup(design.story)],
        told=told,
        groups=groups,
    )


def _story(article: Article, links: list[tuple[int, str]], groups: "Groups") -> Document:
    return _document(
        Entry(
            kind=Entry.Kind.STORY,
            number=article.pk,
            slug=article.slug,
            name=article.title,
            designs=sorted(design for design, _ in links),
        ),
        title=article.title,
        labels=[],
        texts=[article.summary, article.authors],
        told=[title for _, title in links],
        groups=groups,
    )


def _document(
    entry: Entry, *, title: str, labels: list[str], texts: list[str], told: list[str], groups: "Groups"
) -> Document:
    """Fill in the words; what means the same as a word of title or labels counts as a label.

    Its own texts count twice: they say more of it than what others tell. While somebody types, its title counts
    three times.
    """
    kind = KIND_WORDS[Entry.Kind(entry.kind)]
    titled, labelled = words(title), words(" ".join(labels))
    labelled += _same(stems([*titled, *labelled]), groups)
    own, others = words(" ".join(texts)), words(" ".join(told))
    entry.key = key_of(entry.kind, entry.number)
    entry.title, entry.text = stems(titled), f"{stems(own)} {stems(own)} {stems(others)}"
    entry.labels = f"{kind} {stems(labelled)}"
    entry.starts = f"{kind} {_starts(titled)} {_starts(titled)} {_starts(titled)} {_starts(labelled)}"
    return Document(entry, frozenset([*titled, *labelled, *own, *others]))


def _starts(written: list[str]) -> str:
    """Return the words as they are typed, and as they are when an ending was typed that they have not."""
    return " ".join(dict.fromkeys([*written, *(stem(word) for word in written)]))


# --- What products say beside their own words -------------------------------------------------------


def _themes(designs: Collection[int]) -> dict[int, list[str]]:
    through: Any = Design.themes.through
    found = through.objects.filter(design__in=designs, category__is_public=True).order_by("category__path")
    themes: dict[int, list[str]] = defaultdict(list)
    for design, name in found.values_list("design_id", "category__name"):
        themes[design].append(name)
    return themes


def _told(designs: Collection[int]) -> dict[int, list[str]]:
    """Return what the stories that may sell a design say of it."""
    links = ArticleDesign.objects.filter(design__in=designs, article__in=listed()).order_by("pk")
    told: dict[int, list[str]] = defaultdict(list)
    for design, *texts in links.values_list("design_id", "note", "article__title", "article__summary"):
        told[design] += texts
    return told


def _variants(numbers: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of the colours and sizes each product comes in."""
    variants = Product.objects.filter(parent__in=numbers, is_public=True)
    fields = ("parent_id", "colour__name", "size__code", "size__name")
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for parent, *names in variants.order_by("pk").values_list(*fields):
        found[parent] |= dict.fromkeys(names)
    return defaultdict(list, {parent: list(names) for parent, names in found.items()})


# --- Words that mean the same -----------------------------------------------------------------------

#: For each group its terms, each as its words and as its stems with blanks around.
Groups = list[list[tuple[list[str], str]]]


def _groups() -> Groups:
    return [_terms(text.split(",")) for text in Synonyms.objects.values_list("words", flat=True)]


def _terms(texts: Iterable[str]) -> list[tuple[list[str], str]]:
    return [(found, f" {stems(found)} ") for text in texts if (found := words(text))]


def _same(said: str, groups: Groups) -> list[str]:
    """Return the words of every group of which one term is said."""
    said = f" {said} "
    return [
        word
        for terms in groups
        if any(stemmed in said for _, stemmed in terms)
        for found, _ in terms
        for word in found
    ]

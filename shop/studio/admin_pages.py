"""The two pages that lead to a range: what to make, and the grid of what it will be."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue.models import Design
from shop.studio import services
from shop.studio.artwork import findings_for
from shop.studio.checks import Finding
from shop.studio.forms import ChoiceForms
from shop.studio.matrix import COLUMNS, Grid, grid_of
from shop.studio.models import RangeDraft

PERMISSION = "studio.add_rangedraft"
Context = Callable[[HttpRequest], dict[str, Any]]


class Pages:
    """The pages as views; `context` is the admin site's own, which every page of it needs."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def choose(self, request: HttpRequest, design_id: int) -> HttpResponse:
        """What to make of a design: everything is ticked to begin with."""
        _refuse_others(request)
        design = get_object_or_404(Design, pk=design_id)
        choice = ChoiceForms(request.POST if request.method == "POST" else None)
        if request.method == "POST" and choice.is_valid():
            pieces = choice.pieces.cleaned_data["pieces"]
            draft = services.make_draft(
                design=design,
                chosen=choice.chosen,
                pieces=pieces,
                by=request.user,  # type: ignore[arg-type]
            )
            return HttpResponseRedirect(reverse("admin:studio_rangedraft_rows", args=[draft.pk]))
        title = _("Make a range: %(design)s") % {"design": design}
        return self._page(request, "admin/studio/choose.html", title, design=design, choice=choice)

    def rows(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The grid: look, change, strike out, paste columns, save."""
        _refuse_others(request)
        draft = get_object_or_404(RangeDraft.objects.select_related("design"), pk=pk)
        if draft.state != RangeDraft.State.DRAFT:
            messages.info(request, _("This range was saved already; this is how it stands."))
            return _progress(draft)
        grid = grid_of(draft)
        found = findings_for(draft.design, [(row.garment, row.colour) for row in grid.rows])
        if request.method == "POST" and self._is_saved(request, draft, grid, found):
            return _progress(draft)
        title = _("Look through the range: %(design)s") % {"design": draft.design}
        return self._page(
            request,
            "admin/studio/rows.html",
            title,
            draft=draft,
            grid=grid,
            findings=found,
            must_accept=any(finding.level == "warn" for finding in found),
            is_stopped=any(finding.level == "stop" for finding in found),
            posted=request.POST,
            pasted={name: request.POST.get(f"column-{name}", "") if grid.errors else "" for name in COLUMNS},
        )

    def _is_saved(self, request: HttpRequest, draft: RangeDraft, grid: Grid, found: list[Finding]) -> bool:
        """Take the POST; columns that were pasted are shown before anything is saved."""
        grid.fill(request.POST.dict())
        columns = {name: request.POST.get(f"column-{name}", "") for name in COLUMNS}
        if any(text.strip() for text in columns.values()):
            _paste(request, grid, columns)
            return False
        _check_artwork(request, grid, found)
        if not grid.check():
            return False
        wanted = [row.as_json() for row in grid.rows if row.kept or row.exists]
        services.start(draft_id=draft.pk, rows=wanted, by=request.user)  # type: ignore[arg-type]
        return True

    def _page(self, request: HttpRequest, template: str, title: str, **values: Any) -> HttpResponse:
        context = self.context(request) | {"title": title, "opts": RangeDraft._meta} | values
        return TemplateResponse(request, template, context)


def only_get_and_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return require_http_methods(["GET", "HEAD", "POST"])(view)


def _refuse_others(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _progress(draft: RangeDraft) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:studio_rangedraft_change", args=[draft.pk]))


def _paste(request: HttpRequest, grid: Grid, columns: dict[str, str]) -> None:
    for name, text in columns.items():
        if text.strip():
            grid.paste(name, text)
    if not grid.errors:
        messages.success(request, _("The columns are in the rows below. Look through them, then save."))


def _check_artwork(request: HttpRequest, grid: Grid, found: list[Finding]) -> None:
    levels = {finding.level for finding in found}
    if "stop" in levels:
        grid.errors.append(_("The artwork cannot be printed; see above."))
    elif "warn" in levels and "accept" not in request.POST:
        grid.errors.append(_("Read what the checks say of the artwork, and tick that it is fine."))

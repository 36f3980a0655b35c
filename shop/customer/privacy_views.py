"""What a person may ask by law: everything that is kept about them, and to be forgotten."""

import json

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.customer import entrance, erasing, exporting
from shop.customer.accounts_forms import EraseForm
from shop.customer.accounts_views import too_many
from shop.customer.entrance import MemberRequest, members_only
from shop.customer.members_views import may_check_password


@members_only
@require_safe
def data(request: MemberRequest) -> HttpResponse:
    return render(request, "account/data.html", {"person": request.user})


@members_only
@require_safe
def data_json(request: MemberRequest) -> HttpResponse:
    kept = exporting.everything_about(request.user)
    text = json.dumps(kept, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
    return _file(text, "json", "application/json")


@members_only
@require_safe
def data_html(request: MemberRequest) -> HttpResponse:
    kept = exporting.everything_about(request.user)
    return _file(render_to_string("account/file.html", kept), "html", "text/html")


def _file(text: str, kind: str, mime: str) -> HttpResponse:
    name = f"my-data.{kind}"
    return HttpResponse(
        text,
        content_type=f"{mime}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@sensitive_post_parameters()
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: MemberRequest) -> HttpResponse:
    """The first step: what goes, what stays, and the password; its answer is the second."""
    user = request.user
    reasons = erasing.refusals(user)
    form = EraseForm(request.POST if request.method == "POST" else None, user=user)
    if reasons or not form.is_bound:
        return render(request, "account/erase.html", {"form": form, "reasons": reasons})
    if not may_check_password(request):
        return too_many(request)
    if not form.is_valid():
        return render(request, "account/erase.html", {"form": form, "reasons": reasons}, status=422)
    proof = erasing.first_step(user)
    return render(request, "account/erase_now.html", {"proof": proof, "person": user})


@members_only
@require_POST
def erase_now(request: MemberRequest) -> HttpResponse:
    """The second step: erase, log out, say so."""
    if not erasing.is_second_step(request.user, request.POST.get("proof", "")):
        messages.warning(request, _("That took a while. Please give your password again."))
        return redirect("account:erase")
    try:
        erasing.erase(request.user.pk)
    except erasing.Refused:
        return redirect("account:erase")
    entrance.leave(request)
    return entrance.tell_browser(render(request, "account/erased.html"), signed_in=False)

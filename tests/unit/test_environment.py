import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shop.environment import Variables, pages_cache

ROOT = Path(__file__).parents[2]


@pytest.fixture
def env(monkeypatch) -> Variables:
    for name in ("SITE_URL", "TRUSTED_PROXIES", "DATABASE_URL", "EMAIL_URL"):
        monkeypatch.delenv(name, raising=False)
    return Variables()


def test_what_is_not_set_has_its_default_and_is_no_problem(env):
    assert env.whole("TRUSTED_PROXIES", default=0) == 0
    assert env.origin("SITE_URL", default="http://localhost:8000") == "http://localhost:8000"
    assert env.database("DATABASE_URL", default="sqlite:///x.sqlite3")["NAME"] == "x.sqlite3"
    assert env.problems == []


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "", " ", "1e309", "9" * 5000])
def test_a_number_that_is_none_is_told_and_the_default_used(env, monkeypatch, value):
    monkeypatch.setenv("TRUSTED_PROXIES", value)
    assert env.whole("TRUSTED_PROXIES", default=0) == 0
    assert env.problems == ["TRUSTED_PROXIES must be a whole number from 0 to 1000."]


@pytest.mark.parametrize(
    "value",
    [
        "foo",
        "localhost:8000",
        "ftp://a.example",
        "http://",
        "http://[::1",
        "https://a.example/shop",
        "http://a:b",
    ],
)
def test_an_address_that_is_none_is_told_and_the_default_used(env, monkeypatch, value):
    monkeypatch.setenv("SITE_URL", value)
    assert env.origin("SITE_URL", default="http://localhost:8000") == "http://localhost:8000"
    assert env.problems == ["SITE_URL must be an address like https://shop.example.org, without a path."]


def test_a_trailing_slash_of_an_address_is_dropped(env, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://shop.example.org/")
    assert env.origin("SITE_URL", default="") == "https://shop.example.org"


@pytest.mark.parametrize("value", ["nonsense", "mysql://u:secret@h/n", "postgres://u:secret@h:port/n", ""])
def test_a_database_that_cannot_be_one_is_told_without_its_password_and_none_is_used(env, monkeypatch, value):
    monkeypatch.setenv("DATABASE_URL", value)
    assert env.database("DATABASE_URL", default="sqlite:///x.sqlite3") == {
        "ENGINE": "django.db.backends.dummy"
    }
    [problem] = env.problems
    assert problem == "DATABASE_URL must be like postgres://user:password@host/name or sqlite:///file."


@pytest.mark.parametrize("value", ["nonsense", "smtp://", "smtp://u:secret@h:port"])
def test_a_mail_server_that_cannot_be_one_is_told_and_the_default_used(env, monkeypatch, value):
    monkeypatch.setenv("EMAIL_URL", value)
    assert env.mail("EMAIL_URL", default="filemail:///var/mail")["EMAIL_FILE_PATH"] == "var/mail"
    assert env.problems == ["EMAIL_URL must be like smtp+tls://user:password@host:587."]


BAD = {
    "SITE_URL": "foo",
    "TRUSTED_PROXIES": "x",
    "WEB_THREADS": "0",
    "DATABASE_URL": "nonsense",
    "CACHE_URL": "nonsense",
    "MEDIA_URL_BASE": "foo",
    "MEDIA_STORAGE": "nope",
    "DEFAULT_CURRENCY": "XXX",
    "EMAIL_URL": "nonsense",
    "STAFF_EMAIL": "foo",
    "STRIPE_API_BASE": "foo",
}


def test_settings_of_nonsense_can_be_imported_and_commands_name_each_variable_in_a_line():
    environment = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    run = subprocess.run(
        [sys.executable, "manage.py", "check_ledger"],
        cwd=ROOT,
        check=False,
        env=environment | {"SECRET_KEY": "x" * 60} | BAD,
        capture_output=True,
        text=True,
        timeout=60,
    )
    told = re.findall(r"^\?: \(shop\.E005\) ([A-Z_]+) must be ", run.stderr, re.MULTILINE)
    assert sorted(told) == sorted(BAD)
    assert "Traceback" not in run.stderr
    assert run.returncode == 1


def test_kept_pages_are_bounded_in_a_process_and_apart_in_a_shared_cache(env, monkeypatch):
    assert pages_cache(env.caching("CACHE_URL", default="locmemcache://")) == {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    }
    monkeypatch.setenv("CACHE_URL", "rediscache://cache.example:6379/0")
    shared = env.caching("CACHE_URL", default="locmemcache://")
    assert pages_cache(shared) == shared | {"KEY_PREFIX": "pages"}


def test_without_a_search_server_the_database_searches(env):
    assert (env.search("SEARCH_URL"), env.problems) == ({}, [])


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("elasticsearch9://user:secret@host:9200", "like elasticsearch9"),
        ("solr+https://host", "like elasticsearch9"),
        ("https://host:9200", "like elasticsearch9"),
        ("elasticsearch9+https://user:secret@host:9200", "until the package elasticsearch is installed"),
        ("opensearch3+http://host:9200", "until the package opensearchpy is installed"),
    ],
)
def test_a_search_server_that_cannot_be_used_is_told_without_its_password(env, monkeypatch, value, word):
    monkeypatch.setenv("SEARCH_URL", value)
    assert env.search("SEARCH_URL") == {}
    assert word in env.problems[0]
    assert "secret" not in env.problems[0]


def test_a_search_server_whose_package_is_there_is_asked_at_its_address(env, monkeypatch):
    monkeypatch.setenv("SEARCH_URL", "elasticsearch9+https://user:secret@host:9200")
    monkeypatch.setitem(sys.modules, "elasticsearch", sys)  # any module with a spec
    assert env.search("SEARCH_URL") == {
        "BACKEND": "modelsearch.backends.elasticsearch9",
        "URLS": ["https://user:secret@host:9200"],
        "INDEX_PREFIX": "shop_",
        "TIMEOUT": 5,
    }

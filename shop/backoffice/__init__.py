"""The one admin site: registers every room's ModelAdmin, and its look. May import every room."""

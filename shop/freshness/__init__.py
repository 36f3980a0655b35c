"""The catalogue version: it becomes another with every change of what public pages show. May import nothing of ours."""

# make app    installs what is missing and opens the dashboard on a free port of this machine
# make test   the gate: format, lint and types of the Python code, format, lint and tests of the JavaScript, then unit,
#             page and browser tests, in four parts at the same time; stops at the first part that fails

PYTHON = .venv/bin/python
FOLDERS = gan_core dashboard pages tests benchmarks
SOURCES = $(FOLDERS) app.py
NODE = PATH="$(CURDIR)/.venv/bin:$$PATH"  # node and npm come from requirements-dev.txt

.PHONY: help app test format lint types javascript browser clean
.DELETE_ON_ERROR:

help:
	@sed -n '1,/^$$/s/^# //p' Makefile

# The first free port from 8501 on.
app: .venv/app.stamp
	@port=$$($(PYTHON) -c 'import socket; print(next(port for port in range(8501, 8700) if socket.socket().connect_ex(("127.0.0.1", port))))') && \
	echo "GAN Studio: http://localhost:$$port  (Ctrl-C stops it; a run that trains is saved first)" && \
	exec $(PYTHON) -m streamlit run app.py --server.port "$$port"

test: format lint types javascript browser
	$(PYTHON) -m tests.parts

format: .venv/test.stamp
	$(PYTHON) -m ruff format --check .

lint: format
	$(PYTHON) -m ruff check .

types: lint
	$(PYTHON) -m mypy --strict $(SOURCES)

javascript: types node_modules/.package-lock.json
	$(NODE) node_modules/.bin/biome check --error-on-warnings .
	$(NODE) node --test "tests/components/*.test.js"

browser: javascript
	$(PYTHON) -m tests.browser.find_chromium --install

.venv/app.stamp: requirements.txt | .venv/bin/pip
	$(PYTHON) -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test.stamp: requirements.txt requirements-dev.txt | .venv/bin/pip
	$(PYTHON) -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch .venv/app.stamp $@

node_modules/.package-lock.json: package.json package-lock.json .npmrc .venv/test.stamp
	$(NODE) npm ci
	@touch $@

# Try each name: python3 may start a version that is not installed. On Debian ensurepip is in a package of its own.
.venv/bin/pip:
	@for python in python3.11 python3 python3.12 python3.13; do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    "$$python" -c 'import ensurepip, venv' 2>/dev/null || { \
	        version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	        echo "$$python has no venv module: install it with 'sudo apt-get install python$$version-venv', then run make again." >&2; exit 1; }; \
	    exec "$$python" -m venv --clear .venv; \
	done; \
	echo "Python 3.11 or newer was not found: install it (Debian, Ubuntu: 'sudo apt-get install python3 python3-venv'), then run make again." >&2; exit 1

clean:
	rm -rf .venv node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The two commands to know are `make demo` and `make test`; each step behind them is a small program in scripts/.
PYTHON ?= python3
STEP = $(PYTHON) -m scripts

.PHONY: help demo serve stop test soak bench lock clean
.SUFFIXES:

help:
	@echo 'make demo    install what is missing, load demo data, serve at http://127.0.0.1:8000/'
	@echo 'make test    the same set-up, then every check'
	@echo 'make serve   serve what is loaded already'
	@echo 'make stop    stop whatever runs for this clone'
	@echo 'make soak    the long counts; make bench  the figures'
	@echo 'make lock    make requirements.txt anew from requirements.in'
	@echo 'make clean   back to a fresh clone: packages, database and data go'

demo serve stop test soak bench lock clean:
	@PART="$(PART)" $(STEP).$@

"""Completion in a shell. `python -m gan_core` cannot be completed, so the script defines the command gan-studio.

The shell asks the same program, with the words of the line in the environment: typer answers it.
"""

import shlex
import sys
from pathlib import Path
from string import Template

from gan_core.config import known_keys
from gan_core.presets import PRESETS
from gan_core.runs.store import RunStore

NAME = "gan-studio"
VARIABLE = "_GAN_STUDIO_COMPLETE"
BASH = Template("""\
$name() { $python -m gan_core "$$@"; }
_gan_studio() {
    local IFS=$$'\\n'
    COMPREPLY=( $$(COMP_WORDS="$${COMP_WORDS[*]}" COMP_CWORD=$$COMP_CWORD $variable=complete_bash $python -m gan_core) )
}
complete -o default -F _gan_studio $name
""")
ZSH = Template("""\
$name() { $python -m gan_core "$$@"; }
_gan_studio() {
    eval $$(env _TYPER_COMPLETE_ARGS="$${words[1,$$CURRENT]}" $variable=complete_zsh $python -m gan_core)
}
compdef _gan_studio $name
""")
FISH = Template("""\
function $name; $python -m gan_core $$argv; end
complete --command $name --no-files --arguments "(env $variable=complete_fish _TYPER_COMPLETE_FISH_ACTION=get-args \
_TYPER_COMPLETE_ARGS=(commandline -cp) $python -m gan_core)" --condition "env $variable=complete_fish \
_TYPER_COMPLETE_FISH_ACTION=is-args _TYPER_COMPLETE_ARGS=(commandline -cp) $python -m gan_core"
""")
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def completion_script(shell: str) -> str:
    """What a shell has to read, for example by `eval "$(python -m gan_core completion bash)"`."""
    return SCRIPTS[shell].substitute(name=NAME, variable=VARIABLE, python=shlex.quote(sys.executable)).rstrip()


def run_names(incomplete: str) -> list[str]:
    """The runs in the folder `checkpoints` whose names begin so."""
    return [run.name for run in RunStore(Path("checkpoints")).runs() if run.name.startswith(incomplete)]


def preset_names(incomplete: str) -> list[str]:
    """The presets whose names begin so."""
    return [name for name in PRESETS if name.startswith(incomplete)]


def keys(incomplete: str) -> list[str]:
    """The keys of settings that begin so."""
    return [f"{key}=" for key in known_keys() if "." in key and key.startswith(incomplete)]

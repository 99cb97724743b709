/** Completion scripts of four shells, made from verbs and flags, which are data. */
import { type Command, optionsOf } from "../command.ts";
import type { Option, OptionName } from "../options.ts";

/** What a word after a flag, or after a verb, may be. */
type Words = { readonly kind: "words"; readonly words: readonly string[] } | { readonly kind: "file" | "any" | "none" };

interface Flag {
  readonly name: string;
  readonly short: string | undefined;
  readonly doc: string;
  readonly value: Words;
}

/** A verb as every script needs it. */
export interface Completed {
  readonly verb: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  readonly argument: Words;
}

/** A verb's flags and what may follow them; `words` are those its argument may be, where they are known. */
export function completed(verb: string, command: Command, words: readonly string[] | undefined): Completed {
  const takesNone = command.arguments.max === 0;
  return {
    verb,
    summary: command.summary,
    flags: optionsOf(command).map(flagOf),
    argument: words ? { kind: "words", words } : { kind: takesNone ? "none" : "file" },
  };
}

function flagOf([name, { doc, short, value }]: readonly [OptionName, Option]): Flag {
  return { name, short, doc, value: valueOf(value) };
}

function valueOf(value: string | undefined): Words {
  if (value === undefined) return { kind: "none" };
  const words = value.includes("|") ? value.split("|").filter((word) => /^[a-z][a-z0-9.-]*$/.test(word)) : [];
  if (words.length > 0) return { kind: "words", words };
  return { kind: /FILE|DIR|PATH/.test(value) ? "file" : "any" };
}

/** One word of a POSIX shell. */
function single(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function longNames({ name, short }: Flag): string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
}

/** For ~/.bashrc: eval "$(tally completion bash)". */
export function bashScript(verbs: readonly Completed[]): string {
  const flags = new Map(verbs.flatMap((one) => one.flags).map((flag) => [flag.name, flag]));
  const offered = [...flags.values()].flatMap((flag) =>
    flag.value.kind === "words"
      ? [`    ${longNames(flag).join("|")}) words=${single(flag.value.words.join(" "))} ;;`]
      : [],
  );
  const free = [...flags.values()].filter(({ value }) => value.kind === "any" || value.kind === "file");
  const cases = verbs.flatMap(({ argument, flags: own, verb }) => [
    `    ${verb})`,
    `      if [[ $current == -* ]]; then words=${single(own.flatMap(longNames).join(" "))}`,
    ...(argument.kind === "words" ? [`      else words=${single(argument.words.join(" "))}`] : []),
    "      fi ;;",
  ]);
  return `_tally() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words=
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W ${single(verbs.map(({ verb }) => verb).join(" "))} -- "$current"))
    return
  fi
  case $before in
${offered.join("\n")}
    ${free.flatMap(longNames).join("|")}) return ;;
  esac
  if [[ -z $words ]]; then case \${COMP_WORDS[1]} in
${cases.join("\n")}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _tally tally
`;
}

/** For a folder of $fpath as _tally, or: source <(tally completion zsh). */
export function zshScript(verbs: readonly Completed[]): string {
  const escaped = (text: string): string => text.replaceAll(/[\\:[\]]/g, "\\$&");
  const action = (words: Words): string => {
    if (words.kind === "words") return `(${words.words.join(" ")})`;
    return words.kind === "file" ? "_files" : "";
  };
  const spec = ({ doc, name, short, value }: Flag): string[] => {
    const after = value.kind === "none" ? "" : `: :${action(value)}`;
    const long = `*--${name}${value.kind === "none" ? "" : "="}[${escaped(doc)}]${after}`;
    return [long, ...(short === undefined ? [] : [`*-${short}[${escaped(doc)}]${after}`])].map(single);
  };
  const cases = verbs.map(({ argument, flags, verb }) => {
    const own = [...flags.flatMap(spec), ...(argument.kind === "none" ? [] : [single(`*: :${action(argument)}`)])];
    return `    ${verb}) _arguments ${own.join(" \\\n      ")} ;;`;
  });
  return `#compdef tally
_tally() {
  local -a verbs
  verbs=(
${verbs.map(({ summary, verb }) => `    ${single(`${verb}:${escaped(summary)}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command verbs
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
${cases.join("\n")}
  esac
}
if [[ $funcstack[1] == _tally ]]; then _tally "$@"; else compdef _tally tally; fi
`;
}

/** For ~/.config/fish/completions/tally.fish. */
export function fishScript(verbs: readonly Completed[]): string {
  const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
  const lines = verbs.flatMap(({ argument, flags, summary, verb }) => {
    const when = `-n ${quoted(`__fish_seen_subcommand_from ${verb}`)}`;
    return [
      `complete -c tally -f -n __fish_use_subcommand -a ${verb} -d ${quoted(summary)}`,
      ...(argument.kind === "words" ? [`complete -c tally -f ${when} -a ${quoted(argument.words.join(" "))}`] : []),
      ...(argument.kind === "none" ? [`complete -c tally -f ${when}`] : []),
      ...flags.map(({ doc, name, short, value }) => {
        const takes = { none: "", any: " -x", file: " -r -F", words: " -x" }[value.kind];
        const words = value.kind === "words" ? ` -a ${quoted(value.words.join(" "))}` : "";
        return `complete -c tally ${when} -l ${name}${short === undefined ? "" : ` -s ${short}`}${takes}${words} -d ${quoted(doc)}`;
      }),
    ];
  });
  return `${lines.join("\n")}\n`;
}

/** For $PROFILE: tally completion powershell | Out-String | Invoke-Expression. */
export function powershellScript(verbs: readonly Completed[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const list = (words: readonly string[]): string => `@(${words.map(quoted).join(", ")})`;
  const flags = new Map(verbs.flatMap((one) => one.flags).map((flag) => [flag.name, flag]));
  const values = [...flags.values()].flatMap((flag) => {
    const { value } = flag;
    return value.kind === "words" ? longNames(flag).map((name) => `    ${quoted(name)} = ${list(value.words)}`) : [];
  });
  return `Register-ArgumentCompleter -Native -CommandName tally -ScriptBlock {
  param($word, $ast, $position)
  $verbs = [ordered]@{
${verbs.map(({ summary, verb }) => `    ${quoted(verb)} = ${quoted(summary)}`).join("\n")}
  }
  $flags = @{
${verbs.map(({ flags: own, verb }) => `    ${quoted(verb)} = ${list(own.flatMap(longNames))}`).join("\n")}
  }
  $arguments = @{
${verbs.flatMap(({ argument, verb }) => (argument.kind === "words" ? [`    ${quoted(verb)} = ${list(argument.words)}`] : [])).join("\n")}
  }
  $values = @{
${values.join("\n")}
  }
  $said = @($ast.CommandElements | ForEach-Object { $_.ToString() })
  $before = if ($word -eq '') { $said } else { @($said | Select-Object -SkipLast 1) }
  $last = $before[-1]
  $offered = if ($before.Count -eq 1) { $verbs.Keys }
    elseif ($values.ContainsKey($last)) { $values[$last] }
    elseif ($word.StartsWith('-')) { $flags[$before[1]] }
    else { $arguments[$before[1]] }
  $offered | Where-Object { $_ -like "$word*" } | ForEach-Object {
    $about = if ($before.Count -eq 1) { $verbs[$_] } else { $_ }
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $about)
  }
}
`;
}

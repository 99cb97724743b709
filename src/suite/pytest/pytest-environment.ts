const passedOn =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|CI|XDG_.*|SystemRoot|VIRTUAL_ENV|CONDA_.*|LD_LIBRARY_PATH|DYLD_.*|PYTHON.*|PYTEST_.*|OMP_.*|UV_.*)$/;

/** An allow-list, as for TypeScript files: a suite has no business with tokens and keys; `[connector] env` is meant for it. */
export function testEnvironment(env: NodeJS.ProcessEnv, own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => passedOn.test(name) || Object.hasOwn(own, name)));
}

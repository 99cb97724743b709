/**
 * What a test can import in an image with Python: the standard library of Python 3.11 (`sys.stdlib_module_names`) without what the
 * layer leaves out (tools/runtime/python.ts), pytest with what it needs, and the SDK.
 */
const standard = `
  abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect
  builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall
  concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes dataclasses datetime decimal
  difflib dis distutils doctest email encodings enum errno faulthandler fcntl filecmp fileinput fnmatch
  fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac
  html http imaplib imghdr imp importlib inspect io ipaddress itertools json keyword linecache locale logging
  lzma mailbox mailcap marshal math mimetypes mmap modulefinder multiprocessing netrc nntplib ntpath
  nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil
  platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pyexpat queue
  quopri random re reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil
  signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl
  stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile
  telnetlib tempfile termios textwrap this threading time timeit token tokenize tomllib trace traceback
  tracemalloc tty types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser
  wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
`;
const brought = "_pytest iniconfig packaging pluggy py pygments pytest tallyml tzdata";

export const pythonModules: ReadonlySet<string> = new Set(`${standard} ${brought}`.split(/\s+/));

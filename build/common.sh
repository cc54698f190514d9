# shellcheck shell=bash
# Set-up shared by ./eigenscope, ./test and .ci/run. Sourced, with $root set to the repository root.
# Written for bash 3.2 and later (macOS ships 3.2), and to start no process it can avoid: the launcher pays for it at every start.

state="$root/artifacts/launcher/$OSTYPE-$HOSTTYPE"

say() { printf 'eigenscope: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# The .NET SDK the build needs; global.json says which versions will do.
require_sdk() {
  local found
  command -v dotnet >/dev/null 2>&1 ||
    fail "the .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0 and make sure that 'dotnet' is on the PATH"
  if ! found=$(cd "$root" && dotnet --version 2>/dev/null); then
    fail "the .NET 10 SDK is missing (found: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' ')): install it from https://dotnet.microsoft.com/download/dotnet/10.0"
  fi
  case $found in
    1[0-9].*) ;;
    *) fail "version 10 of the .NET SDK is needed, 'dotnet' is $found" ;;
  esac
}

# A built program looks for the runtime where the system registered it, not on the PATH: tell it about an SDK unpacked elsewhere.
export_dotnet_root() {
  [[ -z ${DOTNET_ROOT:-} && ! -e /etc/dotnet/install_location && ! -e /usr/share/dotnet/host/fxr && ! -e /usr/lib/dotnet/host/fxr && ! -e /usr/local/share/dotnet/host/fxr ]] || return 0
  local program folder
  program=$(command -v dotnet) || return 0
  while [[ -L $program ]]; do
    folder=$(cd -P "$(dirname "$program")" && pwd)
    program=$(readlink "$program")
    [[ $program == /* ]] || program=$folder/$program
  done
  folder=$(cd -P "$(dirname "$program")" && pwd)
  if [[ -d $folder/host/fxr ]]; then
    export DOTNET_ROOT=$folder
  elif [[ -d $folder/../libexec/host/fxr ]]; then
    export DOTNET_ROOT=$folder/../libexec
  fi
}

# True when a library is there under a name the program looks for.
have_openblas() {
  local folder name
  for folder in "/usr/lib/$HOSTTYPE-linux-gnu" /usr/lib64 /usr/lib /usr/local/lib /opt/homebrew/opt/openblas/lib /usr/local/opt/openblas/lib /opt/local/lib; do
    for name in libopenblas.so libopenblasp.so libopenblaso.so.0 libopenblas_pthreads.so.0 libopenblas.dylib; do
      [[ ! -e $folder/$name && ! -e $folder/$name.0 ]] || return 0
    done
  done
  PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -Eq 'libopenblas(p|o|_pthreads)?\.so'
}

# apt_install SUDO PACKAGES: as root with an empty SUDO.
apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  local install="apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 $2"
  # A list of packages that was never fetched, or is old, is the usual reason for a first failure.
  $1 $install || { $1 apt-get update && $1 $install; }
}

# system_install DEBIAN_PACKAGES BREW_FORMULA: where nobody has to be asked.
system_install() {
  if command -v apt-get >/dev/null 2>&1 && [[ $EUID -eq 0 ]]; then
    apt_install '' "$1"
  elif command -v apt-get >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    apt_install 'sudo -n' "$1"
  elif command -v brew >/dev/null 2>&1 && [[ $EUID -ne 0 ]]; then
    HOMEBREW_NO_AUTO_UPDATE=1 brew install "$2"
  else
    return 1
  fi
}

openblas_command() {
  if command -v apt-get >/dev/null 2>&1; then echo 'sudo apt-get install libopenblas0-pthread'
  elif command -v brew >/dev/null 2>&1; then echo 'brew install openblas'
  elif command -v dnf >/dev/null 2>&1; then echo 'sudo dnf install openblas'
  elif command -v pacman >/dev/null 2>&1; then echo 'sudo pacman -S openblas'
  elif command -v zypper >/dev/null 2>&1; then echo 'sudo zypper install libopenblas_pthreads0'
  else echo "install OpenBLAS with the system's package manager"
  fi
}

# Installs OpenBLAS where that is allowed. One attempt a checkout: a failure is remembered, so that later starts cost nothing.
ensure_blas() {
  [[ ${EIGENSCOPE_BLAS:-auto} != managed ]] || return 0
  ! have_openblas || return 0
  [[ ! -e $state/no-openblas ]] || return 0
  mkdir -p "$state"
  say 'OpenBLAS is missing: trying to install it'
  if system_install libopenblas0-pthread openblas </dev/null >"$state/openblas.log" 2>&1 && have_openblas; then
    return 0
  fi
  touch "$state/no-openblas"
  say "OpenBLAS is missing; going on with the slower managed kernels. For full speed run: $(openblas_command)"
}

# True when Node.js is there with npm, new enough to bundle the scripts of pages.
have_node() {
  command -v npm >/dev/null 2>&1 && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 18 || (a === 18 && b >= 17) ? 0 : 1)' >/dev/null 2>&1
}

node_command() {
  if command -v apt-get >/dev/null 2>&1; then echo 'sudo apt-get install nodejs npm'
  elif command -v brew >/dev/null 2>&1; then echo 'brew install node'
  elif command -v dnf >/dev/null 2>&1; then echo 'sudo dnf install nodejs npm'
  elif command -v pacman >/dev/null 2>&1; then echo 'sudo pacman -S nodejs npm'
  elif command -v zypper >/dev/null 2>&1; then echo 'sudo zypper install nodejs npm'
  else echo "install Node.js 18.17 or later with npm"
  fi
}

# Installs Node.js where that is allowed: the build bundles what draws pages with it. One attempt a checkout, as for OpenBLAS.
ensure_node() {
  ! have_node || return 0
  [[ ! -e $state/no-node ]] || return 0
  mkdir -p "$state"
  say 'Node.js is missing: trying to install it'
  if system_install 'nodejs npm' node </dev/null >"$state/node.log" 2>&1 && have_node; then
    return 0
  fi
  touch "$state/no-node"
  say "Node.js 18.17 or later with npm is missing; everything works but --report. For pages run: $(node_command)"
}

# Installs Slurm where that is allowed, for the tests that start a cluster of their own; they are skipped where it is missing. Debian alone: other systems' packages start daemons of theirs, or are not there.
# The controller is no program of ordinary users, and so not always on their PATH.
have_slurm() { PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" command -v slurmctld >/dev/null 2>&1 && PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" command -v slurmd >/dev/null 2>&1 && command -v sbatch >/dev/null 2>&1; }

ensure_slurm() {
  ! have_slurm || return 0
  [[ ! -e $state/no-slurm ]] || return 0
  command -v apt-get >/dev/null 2>&1 && [[ $EUID -eq 0 ]] || return 0
  mkdir -p "$state"
  say 'Slurm is missing: trying to install it for the tests'
  if apt_install '' 'slurmctld slurmd slurm-client' </dev/null >"$state/slurm.log" 2>&1 && have_slurm; then
    return 0
  fi
  touch "$state/no-slurm"
  say 'Slurm is missing; the tests that need it are skipped'
}

# Programs that share no code with this one, which the tests of ONNX files ask: the format's own checker, and PyTorch to evaluate.
have_python_onnx() { /usr/bin/python3 -c 'import numpy, onnx, torch' >/dev/null 2>&1; }

ensure_python_onnx() {
  ! have_python_onnx || return 0
  [[ ! -e $state/no-python-onnx ]] || return 0
  command -v apt-get >/dev/null 2>&1 && [[ $EUID -eq 0 ]] || return 0
  mkdir -p "$state"
  say "ONNX's checker and PyTorch are missing: trying to install them for the tests"
  if apt_install '' 'python3-numpy python3-onnx python3-torch' </dev/null >"$state/python-onnx.log" 2>&1 && have_python_onnx; then
    return 0
  fi
  touch "$state/no-python-onnx"
  say "ONNX's checker or PyTorch is missing; the tests that need them are skipped"
}

# True when a file under src/ (or one that steers the build) changed after the program was built.
# A folder's time changes when a file goes; building changes folders too, so they are compared with the end of the last build, files with its start.
build_is_stale() {
  [[ -x $state/program/eigenscope && -e $state/started && -e $state/finished ]] || return 0
  local changed
  changed=$(cd "$root" && find src build global.json Directory.Build.props Directory.Build.targets Directory.Packages.props \
    \( -type d \( -name bin -o -name obj \) -prune \) -o \
    \( \( -type f -newer "$state/started" -o -type d -newer "$state/finished" \) -print -quit \))
  # A program without pages is built again once Node.js is there.
  [[ -n $changed ]] || { [[ -e $state/no-pages ]] && have_node; }
}

publish() {
  dotnet publish "$root/src/Eigenscope.Cli" --configuration Release --use-current-runtime --no-self-contained \
    --artifacts-path "$state/obj" --output "$state/program.new" -nodeReuse:false -p:PublishReadyToRun="$1"
}

# Builds into a folder of its own and swaps it in whole: a start beside it sees the old program or the new one.
# Everything is built apart from bin/ and obj/, which an editor or ./test may be writing at the same time.
build_program() {
  local log=$state/build.log
  rm -rf "$state/program.new" "$state/program.old"
  touch "$state/starting"
  # Ahead-of-time code for start-up needs a compiler package; without it the program starts slower and is otherwise the same.
  if ! publish true >"$log" 2>&1 && ! { grep -qiE 'crossgen|ReadyToRun|NETSDK1094' "$log" && publish false >"$log" 2>&1; }; then
    grep -E '(error|warning) ' "$log" | sort -u | head -n 40 >&2 || true
    fail "the build failed; the whole log is $log"
  fi
  [[ ! -e $state/program ]] || mv "$state/program" "$state/program.old"
  mv "$state/program.new" "$state/program" || fail "cannot write to $state"
  # Where the packages could not be fetched although Node.js is there, every start would try again: the next change of the sources will.
  if grep -q 'pages will not be drawn' "$log"; then
    if have_node; then
      say 'the scripts of pages could not be bundled (are the packages of npm in reach?); everything works but --report'
      rm -f "$state/no-pages"
    else
      touch "$state/no-pages"
    fi
  else
    rm -f "$state/no-pages"
  fi
  mv "$state/starting" "$state/started"
  touch "$state/finished"
  rm -rf "$state/program.old"
}

# Runs a function while no other launcher of this checkout runs one.
with_lock() {
  mkdir -p "$state"
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$state/lock"
    flock 9
    local status=0
    "$@" 9>&- || status=$?
    exec 9>&-
    return $status
  fi
  local owner
  until mkdir "$state/lock.d" 2>/dev/null; do
    owner=$(cat "$state/lock.d/pid" 2>/dev/null || true)
    # The lock of a launcher that was killed is nobody's.
    if [[ -n $owner ]] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$state/lock.d"; else sleep 0.2; fi
  done
  echo $$ >"$state/lock.d/pid"
  trap 'rm -rf "$state/lock.d"' EXIT
  local status=0
  "$@" || status=$?
  rm -rf "$state/lock.d"
  trap - EXIT
  return $status
}

build_if_stale() {
  build_is_stale || return 0
  require_sdk
  ensure_blas
  ensure_node
  say 'building (the first time, and when sources change) …'
  build_program
}

ensure_program() {
  build_is_stale || { ensure_blas; return 0; }
  with_lock build_if_stale
}

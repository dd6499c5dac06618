# To be sourced: finds out which packages of Debian and Ubuntu are missing and installs them.

# What building the program needs.
BUILD_PACKAGES=(g++ cmake ninja-build libhwy-dev libcli11-dev nlohmann-json3-dev libfmt-dev zlib1g-dev liblzma-dev libbz2-dev
  libsqlite3-dev)

say() { printf '\n== %s\n' "$*"; }

# Whether a package is there; a tool counts wherever it comes from.
have_package() {
  case $1 in
    g++ | cmake | git) command -v "$1" >/dev/null && return ;;
    ninja-build) command -v ninja >/dev/null && return ;;
    clang | clang-format) command -v "$1" >/dev/null && return ;;
  esac
  dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

# Runs a command as root.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# install_packages PACKAGE...: installs those that are missing; touches neither apt-get nor the network if none is.
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian or Ubuntu, so nothing is installed. The build needs what these packages hold: $*"
    return
  fi
  local missing=() package
  for package in "$@"; do
    have_package "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    echo "Every package that is needed is installed."
    return
  fi
  echo "Installing ${missing[*]}"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "They can't be installed: neither root nor sudo. As root, run: apt-get install ${missing[*]}" >&2
    return 1
  fi
  # Where the package lists can't be fetched, those that are there may do.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null || true
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    </dev/null >/dev/null; then
    echo "They could not be installed (is there a network?). As root, run: apt-get install ${missing[*]}" >&2
    return 1
  fi
}

# Compiles through ccache where there is one. Its cache lies outside the clone, so that a second clone profits from the first.
use_compiler_cache() {
  if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
}

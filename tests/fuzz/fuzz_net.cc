// The text of --net.
#include "hillock/network.h"
#include "tests/fuzz/promises.h"
#include "tests/fuzz/targets.h"

namespace hillock::fuzz {

void net(std::string_view bytes) {
  NetworkSpec spec;
  if (!accepts([&] { spec = NetworkSpec::parse(bytes); })) return;
  const std::string text = spec.to_string();
  require(NetworkSpec::parse(text) == spec, "the text of a network gives the same network");
  require(NetworkSpec::parse(text).to_string() == text, "and the same text");
}

}  // namespace hillock::fuzz

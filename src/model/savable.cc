// Makes sure that what is saved can be loaded: refuses everything that load_model would refuse before the file is
// written.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "core/row_shape.h"
#include "hillock/error.h"
#include "hillock/model.h"
#include "hillock/text.h"
#include "model/metadata.h"

namespace hillock {
namespace {

[[noreturn]] void refuse(std::string_view where, const std::string& fact, const std::string& remedy) {
  throw Error(fmt::format("{}: the model cannot be saved: {}; {}", where, fact, remedy));
}

void require_scaler(const Scaler& scaler, std::size_t count, const char* what, std::string_view where) {
  if (scaler.kind == Scale::none) return;
  if (scaler.offset.size() != count || scaler.factor.size() != count) {
    refuse(where,
           fmt::format("its {} are scaled by {} offsets and {} factors, and there are {}", what, scaler.offset.size(),
                       scaler.factor.size(), count),
           "give one of each for each, or Scale::none");
  }
  const auto fits = [](double offset, double factor) {
    return std::isfinite(offset) && std::isfinite(factor) && factor != 0;
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (fits(scaler.offset[i], scaler.factor[i])) continue;
    refuse(where,
           fmt::format("number {} of its {} is scaled by {} with the offset {}", i + 1, what, scaler.factor[i],
                       scaler.offset[i]),
           "give finite numbers and a factor that is not 0");
  }
}

void require_fill(const Encoding& encoding, std::string_view where) {
  const auto finite = [](double value) { return std::isfinite(value); };
  if (encoding.fill.size() != encoding.columns.size() || !std::ranges::all_of(encoding.fill, finite)) {
    refuse(where,
           fmt::format("its encoding of {} columns has {} numbers for missing cells, or one that is not finite",
                       encoding.columns.size(), encoding.fill.size()),
           "give a finite one for each column");
  }
}

std::vector<StateEntry> entries_of(const Network& network, StateRole role) {
  std::vector<StateEntry> entries = network.schema();
  std::erase_if(entries, [&](const StateEntry& entry) { return entry.role != role; });
  return entries;
}

std::string list_entries(const std::vector<StateEntry>& entries) {
  std::vector<std::string> names;
  for (const StateEntry& entry : entries)
    names.push_back(fmt::format("{} {}", entry.name, entry.type.shape.to_string()));
  return names.empty() ? "none" : list_names(names);
}

bool same_state(const std::vector<StateEntry>& a, const std::vector<StateEntry>& b) {
  return std::ranges::equal(a, b, [](const StateEntry& x, const StateEntry& y) {
    return x.name == y.name && x.type == y.type && x.offset == y.offset;
  });
}

// Numbers from -½ to ½ that look random and depend on the position alone.
double scattered(std::int64_t place) {
  const auto mixed = (static_cast<std::uint64_t>(place) + 1) * 0x9E3779B97F4A7C15u;
  return static_cast<double>((mixed ^ (mixed >> 29)) % 65521) / 65521 - 0.5;
}

void scatter(Tensor& values, double factor) {
  for (std::int64_t i = 0; i < values.elements(); ++i) values.set(i, factor * scattered(i));
}

TensorType rows_of(const Network& network, std::int64_t rows) {
  return {network.options().dtype, with_rows(rows, network.options().input), {}};
}

// Rows of the network's shape. If it has a single axis, the last `categories` numbers are category numbers.
Tensor probing_rows(const Network& network, std::int64_t categories) {
  constexpr std::int64_t kRows = 8;
  const std::int64_t inputs = network.options().input.elements();
  Tensor rows(rows_of(network, kRows));
  scatter(rows, 4);
  for (std::int64_t row = 0; row < kRows; ++row) {
    for (std::int64_t i = inputs - categories; i < inputs; ++i)
      rows.set(row * inputs + i, static_cast<double>(row % 2));
  }
  return rows;
}

// Predictions with the same scattered parameters, whatever the model's are, since zeros or saturated units would reveal
// nothing.
Tensor probe(const Network& like, const Tensor& rows) {
  Network network(like.options());
  for (const nn::ParameterSpec& parameter : network.layout().parameters) {
    Tensor values(TensorType{rows.dtype(), parameter.shape, {}});
    scatter(values, 1);
    network.set_parameter(parameter.name, values);
  }
  return predict(network, rows);
}

Graph described_graph(const Network& network) {
  Graph graph;
  const Value in = graph.input("features", rows_of(network, 1));
  graph.set_name(network.describe(graph, in).prediction, "prediction");
  return graph;
}

// Whether both describe the same operations in the same order and therefore compute the same.
bool same_operations(const Network& x, const Network& y) {
  const Graph ours = described_graph(x), theirs = described_graph(y);
  return std::ranges::equal(ours.nodes(), theirs.nodes(), [](const Node& a, const Node& b) {
    return a.op == b.op && a.inputs == b.inputs && a.attributes == b.attributes && a.outputs == b.outputs &&
           a.name == b.name;
  });
}

// Whether two networks with the same parameters compute the same, even if they are described differently.
bool compute_the_same(const Network& x, const Network& y, std::int64_t categories) {
  if (same_operations(x, y)) return true;
  const Tensor rows = probing_rows(x, categories);
  const Tensor ours = probe(x, rows), theirs = probe(y, rows);
  return std::memcmp(ours.raw(), theirs.raw(), ours.bytes()) == 0;
}

// `description` is what the file will contain.
void require_same_network(const Model& model, const ModelDescription& description, std::string_view where) {
  const std::vector<nn::Embedding> embeddings = model.encoding.embeddings();
  const Shape row = row_shape(description.spec, description.sample_shape, description.inputs);
  if (model.network.options().input != row) {
    refuse(where,
           fmt::format("its network takes rows of {} and its spec {} is given {}",
                       model.network.options().input.to_string(), quote(description.spec.to_string()), row.to_string()),
           "give it the spec and the sample shape that its network was made of (make_network)");
  }
  const Network described = make_network(description.spec, row, description.outputs, description.dtype, embeddings);
  const char* const remedy = "give it the spec that its network was made of (make_network)";
  for (const StateRole role : kLearnt) {
    const std::vector<StateEntry> ours = entries_of(model.network, role), theirs = entries_of(described, role);
    if (same_state(ours, theirs)) continue;
    refuse(where,
           fmt::format("its network has the {}s {} and its spec {} describes {}", name_of(role), list_entries(ours),
                       quote(description.spec.to_string()), list_entries(theirs)),
           remedy);
  }
  if (compute_the_same(model.network, described, static_cast<std::int64_t>(embeddings.size()))) return;
  refuse(where,
         fmt::format("its network does not compute what its spec {} describes", quote(description.spec.to_string())),
         remedy);
}

}  // namespace

void require_savable(const Model& model, std::string_view where) {
  require_scaler(model.features, model.columns.size(), "columns", where);
  require_scaler(model.targets, model.all_targets().size(), "targets", where);
  if (!model.encoding.empty()) require_fill(model.encoding, where);
  try {
    require_same_network(model, parse_metadata(model_metadata(model), where), where);
  } catch (const ModelFault& fault) {
    refuse(where, fault.fact, "correct it, or make the model anew");
  }
}

}  // namespace hillock

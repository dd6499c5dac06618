// Builds layers from their specs, and checks the shapes of rows.
#include <fmt/format.h>

#include <utility>

#include "hillock/error.h"
#include "hillock/layer.h"
#include "hillock/text.h"

namespace hillock::nn {
namespace {

Shape row_of(const Shape& batch) { return Shape(batch.dims().subspan(1)); }

std::string place(std::size_t index, const LayerSpec& spec) {
  return fmt::format("layer {}, {}", index + 1, quote(to_string(spec)));
}

Shape shape_behind(const LayerSpec& spec, std::size_t index, const Shape& row) {
  if (spec.record->shape == nullptr) return row;
  try {
    return spec.record->shape(spec, row);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", place(index, spec), error.what()));
  }
}

// A record states the shape of the rows that its layer returns; this checks that the layer returns rows of that shape.
void require_shape(const Graph& graph, Value out, const Shape& row, std::size_t index, const LayerSpec& spec) {
  const Shape made = row_of(graph.type(out).shape);
  if (made == row) return;
  throw Error(fmt::format("network: {}: it makes rows of {} and its record says {}; correct LayerRecord::shape",
                          place(index, spec), made.to_string(), row.to_string()));
}

std::vector<Shape> checked_shapes(std::span<const LayerSpec> specs, const Shape& batch) {
  if (batch.rank() == 0) throw Error("network: the layers are given one number; give a batch of rows");
  try {
    return shapes_of(specs, row_of(batch));
  } catch (const Error& error) {
    throw Error(fmt::format("network: {}", error.what()));
  }
}

}  // namespace

std::vector<Shape> shapes_of(std::span<const LayerSpec> specs, const Shape& row) {
  std::vector<Shape> shapes;
  for (std::size_t k = 0; k < specs.size(); ++k)
    shapes.push_back(shape_behind(specs[k], k, k == 0 ? row : shapes.back()));
  return shapes;
}

Layer build_layers(std::span<const LayerSpec> specs) {
  std::vector<LayerSpec> kept(specs.begin(), specs.end());
  std::vector<Layer> layers;
  for (const LayerSpec& spec : kept) layers.push_back(spec.record->build(spec));
  return [kept = std::move(kept), layers = std::move(layers)](Scope& scope, Value in) {
    const std::vector<Shape> shapes = checked_shapes(kept, scope.graph().type(in).shape);
    for (std::size_t k = 0; k < layers.size(); ++k) {
      in = layers[k](scope, in);
      require_shape(scope.graph(), in, shapes[k], k, kept[k]);
    }
    return in;
  };
}

Layer layer(std::string_view text) { return build_layers(parse_layers(text)); }

const LayerSpec* first_with(std::span<const LayerSpec> specs, bool LayerRecord::*fact) {
  const LayerSpec* found = nullptr;
  visit_layers(specs, [&](const LayerSpec& spec) {
    if (found == nullptr && spec.record->*fact) found = &spec;
  });
  return found;
}

}  // namespace hillock::nn

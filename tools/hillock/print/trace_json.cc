// A trace as JSON: every number as the shortest text that is read as the same f64.
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "print/output.h"
#include "print/score_table.h"
#include "print/trace_formulas.h"
#include "print/trace_subject.h"

namespace hillock::program {
namespace {

// Nested lists, one level per axis.
Json nested(const Shape& shape, const std::function<Json(std::int64_t)>& element, int axis = 0,
            std::int64_t begin = 0) {
  if (axis == shape.rank()) return element(begin);
  Json list = Json::array();
  std::int64_t stride = 1;
  for (int k = axis + 1; k < shape.rank(); ++k) stride *= shape[k];
  for (std::int64_t i = 0; i < shape[axis]; ++i) list.push_back(nested(shape, element, axis + 1, begin + i * stride));
  return list;
}

Json to_json(const Tensor& tensor) {
  return nested(tensor.shape(), [&](std::int64_t i) { return Json(tensor.at(i)); });
}

Json to_json(const Traced& traced) {
  Json json{{"value", to_json(traced.value)}};
  if (!traced.has_gradient()) return json;
  json["gradient"] = to_json(traced.gradient);
  json["difference"] = nested(traced.value.shape(), [&](std::int64_t i) {
    const double d = traced.difference[static_cast<std::size_t>(i)];
    return std::isfinite(d) ? Json(d) : Json();
  });
  Json kinks = Json::array();
  for (std::size_t i = 0; i < traced.kink.size(); ++i) {
    if (traced.kink[i] != 0) kinks.push_back(i);
  }
  json["kinks"] = std::move(kinks);  // indices of elements in row-major order
  return json;
}

std::string_view plain(nn::Activation activation) { return nn::name_of(activation); }
template <class T>
const T& plain(const T& value) {
  return value;
}

Json to_json(const TracedLayer& layer) {
  Json json{{"name", layer.name}, {"kind", layer.record == nullptr ? "" : layer.record->word}};
  for (const auto& [name, item] : layer.attributes.items()) {
    std::visit([&, key = name](const auto& value) { json[key] = plain(value); }, item);
  }
  json["in"] = to_json(layer.in);
  if (layer.z.has_value()) json["z"] = to_json(layer.z);
  if (layer.slope.raw() != nullptr) json["slope"] = to_json(layer.slope);
  json["a"] = to_json(layer.a);
  return json;
}

Json to_json(const TracedParameter& parameter, std::span<const std::string_view> slots) {
  Json json{{"name", parameter.name}};
  json.update(to_json(parameter.before));
  json["after"] = to_json(parameter.after);
  for (std::size_t k = 0; k < slots.size(); ++k) json["slots"][std::string(slots[k])] = to_json(parameter.slots[k]);
  return json;
}

Json to_json(const TracedPreparation& layer) {
  Json json{{"name", layer.name}, {"kind", layer.record->word}, {"in", to_json(layer.in)}, {"a", to_json(layer.out)}};
  for (const auto& [name, values] : layer.statistics) json["statistics"][name] = to_json(values);
  return json;
}

Json to_json(const Audit& audit) {
  return {{"largest", audit.largest},
          {"where", audit.where},
          {"compared", audit.compared},
          {"kinks", audit.kinks},
          {"skipped", audit.skipped}};
}

Json to_json(const GradientTimes& times) {
  return {{"forward", times.forward},         {"forward_backward", times.forward_backward},
          {"differences", times.differences}, {"parameters", times.parameters},
          {"passes", times.passes},           {"passes_run", times.passes_run}};
}

Json to_json(const StepTrace& trace, const TraceSubject& subject) {
  Json json{{"step", trace.step},
            {"updated", trace.updated},
            {"loss", trace.loss},
            {"loss_after", trace.loss_after},
            {"gradient_norm", trace.gradient_norm},
            {"clip_factor", trace.clip_factor},
            {"layers", Json::array()},
            {"parameters", Json::array()},
            {"audit", to_json(trace.audit)}};
  for (const TracedLayer& layer : trace.layers) json["layers"].push_back(to_json(layer));
  for (const TracedParameter& parameter : trace.parameters) {
    json["parameters"].push_back(to_json(parameter, optimizer_info(subject.optimizer).slot_letters));
  }
  return json;
}

}  // namespace

std::string trace_json(const TraceSubject& subject, const std::vector<StepTrace>& traces,
                       const std::optional<GradientTimes>& times) {
  const Model& model = subject.model;
  Json inputs = Json::array();
  for (const InputName& input : subject.inputs) inputs.push_back(input.name);
  Json json{{"format", 1},
            {"command", "trace"},
            {"data", subject.data},
            {"rows", subject.rows},
            {"task", hillock::name_of(model.task)},
            {"network", model.spec.to_string()},
            {"dtype", hillock::name_of(model.network.options().dtype)},
            {"seed", subject.seed},
            {"loss",
             {{"name", nn::name_of(model.loss)},
              {"parameter", model.loss_parameter},
              {"label_smoothing", model.label_smoothing}}},
            {"optimizer",
             {{"name", subject.optimizer},
              {"rate", subject.rate},
              {"momentum", subject.optimizer_options.momentum},
              {"weight_decay", subject.optimizer_options.weight_decay},
              {"clip_norm", subject.clip_norm}}},
            {"columns", model.columns},
            {"inputs", inputs},
            {"outputs", subject.outputs},
            {"features", to_json(subject.features)},
            {"targets", to_json(loss_targets(subject))},
            {"steps", Json::array()},
            {"audit", to_json(audit_of(traces))}};
  Json& preparation = json["preparation"] = Json::array();
  for (const TracedPreparation& layer : subject.preparation) preparation.push_back(to_json(layer));
  for (const StepTrace& trace : traces) json["steps"].push_back(to_json(trace, subject));
  if (subject.weighted()) json["weights"] = to_json(subject.batch.weights);
  if (times) json["times"] = to_json(*times);
  return to_text(json);
}

}  // namespace hillock::program

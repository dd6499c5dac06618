// The texts above and below the steps of a trace: what is traced, the notation, and the audit.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hillock/text.h"
#include "print/trace_cells.h"
#include "print/trace_formulas.h"
#include "print/trace_subject.h"
#include "print/trace_times.h"

namespace hillock::program {
namespace {

std::string which_rows(const TraceSubject& subject) {
  if (subject.rows.size() == 1) return fmt::format("row {}", subject.rows.front());
  return fmt::format("rows {} to {}, one batch,", subject.rows.front(), subject.rows.back());
}

std::string describe_loss(const TraceSubject& subject) {
  const Model& model = subject.model;
  std::string text = fmt::format("error      {}: {}\n           B = {} in the batch, K = {}", model.loss_name(),
                                 loss_formula(subject), counted(static_cast<std::int64_t>(subject.rows.size()), "row"),
                                 counted(model.network.outputs(), "output"));
  if (model.label_smoothing > 0) {
    text += fmt::format("; labels are smoothed, t = (1 − {0}) t + {0} / K", number(model.label_smoothing));
  }
  if (subject.weighted()) {
    text += fmt::format("; ω is the weight of a row, 1 in the mean over all {}", counted(subject.data_rows, "row"));
  }
  return text + "\n";
}

// A number of the data. Six digits would make times in seconds and long ids look equal.
std::string as_read(double value) {
  const double size = std::abs(value);
  return size >= 1e6 && size < 1e16 ? fmt::format("{}", value) : number(value);
}

// The numbers of one row: as read, as fed to the network, and the target.
std::string describe_row(const TraceSubject& subject, std::int64_t row) {
  const auto inputs = static_cast<std::int64_t>(subject.inputs.size());
  const std::int64_t columns = subject.batch.feature_count();
  const bool scaled = subject.model.features.kind != Scale::none;
  std::string text = fmt::format("\nrow {}\n", subject.rows[static_cast<std::size_t>(row)]);
  Line heads{.first = "j", .second = "", .cells = {"x_j"}, .last = ""};
  if (scaled) heads.cells.emplace_back("unscaled");
  text += to_text(heads, 0);
  const std::vector<std::int64_t> chosen = largest_elements(subject.features, row * inputs, inputs, subject.largest);
  for (const std::int64_t element : chosen) {
    const std::int64_t j = element - row * inputs;
    const InputName& input = subject.inputs[static_cast<std::size_t>(j)];
    Line line{.first = named(j, input.name), .second = "", .cells = {number(subject.features.at(element))}, .last = ""};
    const double unscaled = subject.batch.features.at(row * columns + input.column);
    if (scaled && input.is_number)
      line.cells.push_back(std::isnan(unscaled) ? "missing" : fmt::format(" {}", as_read(unscaled)));
    text += to_text(line, 0);
  }
  if (static_cast<std::int64_t>(chosen.size()) < inputs) {
    text += fmt::format("    ({} of {}: the largest)\n", chosen.size(), inputs);
  }
  return text;
}

std::string describe_numbers(const TraceSubject& subject, std::int64_t row) {
  const std::vector<std::string> names = subject.model.all_targets();
  const bool scaled = subject.model.targets.kind != Scale::none;
  std::string text;
  for (std::size_t k = 0; k < names.size(); ++k) {
    const std::int64_t at = row * std::ssize(names) + static_cast<std::int64_t>(k);
    text += fmt::format(
        "    t{} = {}{}: {}\n", names.size() == 1 ? "" : fmt::format("_{}", k + 1), number(subject.targets.at(at)),
        scaled ? fmt::format(", unscaled {}", as_read(subject.batch.targets.at(at))) : "", printable(names[k]));
  }
  return text;
}

std::string describe_target(const TraceSubject& subject, std::int64_t row) {
  if (subject.model.task == Task::regression) return describe_numbers(subject, row);
  const double target = subject.batch.targets.at(row);
  const std::string target_name = printable(subject.model.target);
  const std::string name = printable(subject.model.classes[static_cast<std::size_t>(target)]);
  const std::int64_t outputs = subject.model.network.outputs();
  if (outputs == 1) return fmt::format("    t = {}: {} is {}\n", target, target_name, name);
  return fmt::format("    t_{} = 1, the others 0: {} is {}\n", static_cast<std::int64_t>(target) + 1, target_name,
                     name);
}

}  // namespace

std::string trace_head(const TraceSubject& subject) {
  const Model& model = subject.model;
  std::string text = fmt::format("{} of {} as training sees {}, in {}; nothing is written\n\n", which_rows(subject),
                                 printable(subject.data), subject.rows.size() == 1 ? "it" : "them",
                                 name_of(model.network.options().dtype));
  text += fmt::format("network    {}, {}\n           {} parameters, {}\n",
                      counted(static_cast<std::int64_t>(subject.inputs.size()), "input"), model.spec.to_string(),
                      model.network.parameter_count(), printable(subject.first_weights));
  text += describe_loss(subject);
  if (subject.summary) return text;
  text +=
      "letters    x goes in, p comes out, t should come out; w_jk leads from j to unit k, δ_k = ∂E/∂z_k\n"
      "difference (E(v + h) − E(v − h)) / 2h, from forward passes alone, extrapolated to h = 0\n"
      "apart      |gradient − difference|, divided by the larger of the two if that is above 1\n";
  constexpr std::int64_t kMostRows = 3;
  const auto rows = static_cast<std::int64_t>(subject.rows.size());
  for (std::int64_t row = 0; row < std::min(rows, kMostRows); ++row) {
    text += describe_row(subject, row) + describe_target(subject, row);
    if (subject.weighted()) text += fmt::format("    ω = {}\n", number(subject.batch.weights.at(row)));
  }
  return text;
}

std::string trace_foot(const TraceSubject& subject, const std::vector<StepTrace>& traces,
                       const std::optional<GradientTimes>& times) {
  std::string text = "\n";
  for (const StepTrace& trace : traces) {
    text += fmt::format("step {}: E = {} before, {} after, on the same rows\n", trace.step, number(trace.loss),
                        number(trace.loss_after));
  }
  if (times) text += to_text(*times);
  const Audit audit = audit_of(traces);
  if (audit.kinks > 0) {
    text += fmt::format("not counted: {} on a kink of E (relu at 0), where a difference proves nothing\n",
                        counted(audit.kinks, "gradient"));
  }
  if (audit.skipped > 0) {
    text += fmt::format("not compared: {}; the network is large, and those compared are a sample\n",
                        counted(audit.skipped, "gradient"));
  }
  const bool single = subject.model.network.options().dtype == DType::f32;
  return text + fmt::format("audit: gradients and differences are {:.1e} apart at most{}, at {}, of {} compared\n",
                            audit.largest, single ? " (f32 rounds to 6e-8)" : "", audit.where, audit.compared);
}

}  // namespace hillock::program

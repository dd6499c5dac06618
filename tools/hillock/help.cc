// hillock help: prints a command's options, or the names that an option accepts.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>

#include "arguments/arguments.h"
#include "commands.h"
#include "hillock/error.h"
#include "hillock/layer.h"
#include "hillock/nn.h"
#include "hillock/optim.h"
#include "hillock/text.h"
#include "print/output.h"
#include "print/recipe_text.h"
#include "print/wrapped.h"

namespace hillock::program {
namespace {

constexpr std::string_view kOutput = "last: the activation of the output layer, which otherwise follows from the loss";
constexpr std::string_view kNetworks =
    "--net \"dense 64 relu, dropout 0.2, dense 32 tanh, output sigmoid\"; --net \"\" has no hidden layers.";

// How a layer is written and what it does; further lines of the summary are printed below.
std::string entry(std::string_view form, std::string_view summary) {
  std::string text = fmt::format("{:<22}", form);
  for (const char c : summary) text += c == '\n' ? "\n" + std::string(22, ' ') : std::string(1, c);
  return text + "\n";
}

std::string layers() {
  std::string text;
  for (const nn::LayerRecord* record : nn::registered_layers()) {
    if (record->has_text) text += entry(record->form.empty() ? record->word : record->form, record->summary);
  }
  return text + entry("output ACTIVATION", kOutput) + fmt::format("\n{}\n", kNetworks);
}

std::string list(const std::vector<nn::NameAndSummary>& items) {
  std::string text;
  for (const nn::NameAndSummary& item : items) text += fmt::format("{:<16} {}\n", item.name, item.summary);
  return text;
}

const std::map<std::string, std::function<std::string()>>& topics() {
  static const std::map<std::string, std::function<std::string()>> all{
      {"layers", layers},
      {"activations", [] { return list(nn::activations()); }},
      {"losses", [] { return list(nn::losses()); }},
      {"optimizers", [] { return list(optimizers()); }},
      {"schedules", [] { return list(schedules()); }},
      {"initializers", [] { return list(nn::initializers()); }},
      {"recipe", recipe_text},
  };
  return all;
}

void print_help(const std::string& text) { print_to(stdout, "{}", wrapped(text, help_columns(stdout))); }

int help(const CLI::App& program, const std::string& topic) {
  if (topic.empty()) {
    // program.help() would describe the command that was called, which is this one.
    print_help(program.get_formatter()->make_help(&program, program.get_name(), CLI::AppFormatMode::Normal));
    return kDone;
  }
  std::vector<std::string> known;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(command->get_name());
    if (command->get_name() != topic) continue;
    print_help(command->help("hillock"));
    return kDone;
  }
  const auto found = topics().find(topic);
  if (found == topics().end()) {
    for (const auto& [name, text] : topics()) known.push_back(name);
    const auto meant = nearest_name(topic, known);
    throw Error(fmt::format(
        "help: there is nothing about {}; {}", quote(topic),
        meant ? fmt::format("did you mean {}?", *meant) : fmt::format("give one of {}", list_names(known))));
  }
  print_help(found->second());
  return kDone;
}

}  // namespace

void add_help(CLI::App& app, Action& run) {
  const auto topic = std::make_shared<std::string>();
  app.add_option("TOPIC", *topic,
                 "A command, layers, activations, losses, optimizers, schedules, initializers or recipe");
  app.footer("Examples:\n  hillock help train\n  hillock help recipe");
  app.callback(
      [topic, &app, &run] { run = [topic, &app](const std::string&) { return help(*app.get_parent(), *topic); }; });
}

}  // namespace hillock::program

#include "control_text.h"

#include "compat.h"
#include "fault.h"

#include <libcamera/geometry.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <type_traits>
#include <vector>

namespace rspy {

using namespace libcamera;

namespace {

const char *typeName(ControlType type) {
  switch (type) {
  case ControlTypeBool:
    return "bool";
  case ControlTypeByte:
    return "byte";
  case ControlTypeInteger32:
    return "int32";
  case ControlTypeInteger64:
    return "int64";
  case ControlTypeFloat:
    return "float";
  case ControlTypeRectangle:
    return "rectangle";
  case ControlTypeSize:
    return "size";
  default:
    return "other";
  }
}

[[noreturn]] void refuse(const ControlId &id, const std::string &text) {
  throw Fault(EINVAL, "control " + id.name() + " does not take \"" + text + "\"; it is of type " +
                          typeName(id.type()));
}

std::vector<std::string> split(const std::string &text) {
  std::vector<std::string> parts;
  size_t from = 0;
  for (size_t comma = text.find(','); comma != std::string::npos; comma = text.find(',', from)) {
    parts.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  parts.push_back(text.substr(from));
  return parts;
}

// Independent of the process's locale, as strtod is not.
template <typename N> N number(const ControlId &id, const std::string &text) {
  N value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    refuse(id, text);
  }
  if constexpr (std::is_floating_point_v<N>) {
    if (!std::isfinite(value)) { // which from_chars reads too
      refuse(id, text);
    }
  }
  return value;
}

template <typename N> ControlValue numbers(const ControlId &id, const std::string &text) {
  std::vector<N> values;
  for (const std::string &part : split(text)) {
    values.push_back(number<N>(id, part));
  }
  if (values.size() == 1 && !isArray(id)) {
    return ControlValue(values[0]);
  }
  return ControlValue(Span<const N>(values.data(), values.size()));
}

std::vector<int> whole(const ControlId &id, const std::string &text, size_t count) {
  std::vector<int> values;
  for (const std::string &part : split(text)) {
    values.push_back(number<int>(id, part));
  }
  if (values.size() != count) {
    refuse(id, text);
  }
  return values;
}

std::string word(const ControlValue &value) { return value.isNone() ? "" : value.toString(); }

} // namespace

std::string describe(const ControlInfoMap &controls) {
  std::map<std::string, std::string> sorted;
  for (const auto &[id, info] : controls) {
    sorted[id->name()] = std::string(typeName(id->type())) + "\t" + word(info.min()) + "\t" +
                         word(info.max()) + "\t" + word(info.def());
  }
  std::string text;
  for (const auto &[name, rest] : sorted) {
    text += name + "\t" + rest + "\n";
  }
  return text;
}

const ControlId &find(const ControlInfoMap &controls, const std::string &name) {
  for (const auto &[id, info] : controls) {
    if (id->name() == name) {
      return *id;
    }
  }
  throw Fault(ENOENT, "this camera has no control " + name);
}

ControlValue parse(const ControlId &id, const std::string &text) {
  switch (id.type()) {
  case ControlTypeBool:
    if (text != "true" && text != "false") {
      refuse(id, text);
    }
    return ControlValue(text == "true");
  case ControlTypeByte:
    return numbers<uint8_t>(id, text);
  case ControlTypeInteger32:
    return numbers<int32_t>(id, text);
  case ControlTypeInteger64:
    return numbers<int64_t>(id, text);
  case ControlTypeFloat:
    return numbers<float>(id, text);
  case ControlTypeRectangle: {
    std::vector<int> v = whole(id, text, 4);
    if (v[2] < 1 || v[3] < 1) {
      refuse(id, text);
    }
    return ControlValue(Rectangle(v[0], v[1], Size(v[2], v[3])));
  }
  case ControlTypeSize: {
    std::vector<int> v = whole(id, text, 2);
    if (v[0] < 1 || v[1] < 1) {
      refuse(id, text);
    }
    return ControlValue(Size(v[0], v[1]));
  }
  default:
    refuse(id, text);
  }
}

} // namespace rspy

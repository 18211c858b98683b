// A failure on its way to the border, where it becomes a number and a sentence.
#pragma once

#include <stdexcept>
#include <string>

namespace rspy {

class Fault : public std::runtime_error {
public:
  // error: an errno, above 0.
  Fault(int error, const std::string &sentence) : std::runtime_error(sentence), error_(error) {}

  int error() const { return error_; }

private:
  int error_;
};

} // namespace rspy

package io.github.raspberryspy.daemon;

import io.github.raspberryspy.segments.Needed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The accessibility audit by axe-core, which {@code npm ci --prefix daemon/src/test/axe} fetches.
 */
final class Axe {

  private static final Path SCRIPT =
      Path.of("src/test/axe/node_modules/axe-core/axe.min.js").toAbsolutePath();

  private static final Set<String> SERIOUS = Set.of("serious", "critical");

  /** What is wrong: how bad, the rule, and where. */
  private static final String RUN =
      """
      const done = arguments[arguments.length - 1];
      axe.run(document, { resultTypes: ['violations'] }).then(
        ({ violations }) =>
          done(violations.map((v) => [v.impact, `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`])),
        (error) => done([['critical', String(error)]]));
      """;

  private final String script;

  private Axe(String script) {
    this.script = script;
  }

  /** Loads it, or skips the test where it is absent. */
  static Axe load() throws IOException {
    Needed.require(Files.exists(SCRIPT), "axe-core");
    return new Axe(Files.readString(SCRIPT));
  }

  /** What it finds serious or critical on the page as it is shown now. */
  List<String> complaints(Browser browser) {
    browser.driver().executeScript(script);
    List<?> found = (List<?>) browser.driver().executeAsyncScript(RUN);
    return found.stream()
        .map(violation -> (List<?>) violation)
        .filter(violation -> SERIOUS.contains(String.valueOf(violation.get(0))))
        .map(violation -> String.valueOf(violation.get(1)))
        .toList();
  }
}

package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.ConfigKey;
import io.github.raspberryspy.daemon.config.MasterKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the papers name is there: files, keys of the configuration, commands and their options. */
class DocsTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]+)(#[^)\\s]*)?\\)");
  private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\| `([a-z]+)([^`]*)` \\|");
  private static final Pattern CALL =
      Pattern.compile("(?:\\$J|raspberryspy\\.jar) ([a-z]+)([^`#\\n]*)");
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");
  private static final Pattern VARIABLE = Pattern.compile("RASPBERRYSPY_[A-Z_]+");

  static Stream<Path> papers() throws IOException {
    List<Path> papers = new ArrayList<>();
    for (String name : List.of("README.md", "CONTRIBUTING.md", "SECURITY.md")) {
      papers.add(Path.of(name));
    }
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md"))
          .map(ROOT::relativize)
          .forEach(papers::add);
    }
    return papers.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("papers")
  void everyLinkOfOursLeadsSomewhere(Path paper) throws Exception {
    Path folder = ROOT.resolve(paper).getParent();
    assertThat(all(LINK, paper).map(link -> link.group(1)).filter(link -> !link.contains(":")))
        .allSatisfy(link -> assertExists(folder.resolve(link)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("papers")
  void everyPathOfOursExists(Path paper) throws Exception {
    String folders;
    try (Stream<Path> files = Files.list(ROOT)) {
      folders =
          files
              .filter(Files::isDirectory)
              .map(file -> Pattern.quote(file.getFileName().toString()))
              .collect(Collectors.joining("|"));
    }
    Pattern path = Pattern.compile("(?<![\\w/.-])(?:" + folders + ")/[\\w./-]*[\\w/]");
    assertThat(all(path, paper).map(MatchResult::group).filter(p -> !p.contains("/target/")))
        .allSatisfy(p -> assertExists(ROOT.resolve(p)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("papers")
  void everyKeyIsKnown(Path paper) throws Exception {
    Set<String> names = keys().map(ConfigKey::name).collect(Collectors.toSet());
    String sections =
        names.stream()
            .map(n -> n.substring(0, n.indexOf('.')))
            .distinct()
            .collect(Collectors.joining("|"));
    Pattern key =
        Pattern.compile(
            "(?<![\\w./:-])(?:"
                + sections
                + ")\\.(?!(?:yml|md|json|secret|mp4)\\b)[a-z][a-z-]*(?![\\w(/.]|\\.\\w)");
    assertThat(all(key, paper).map(MatchResult::group)).isSubsetOf(names);
    Set<String> variables = keys().map(ConfigKey::environmentVariable).collect(Collectors.toSet());
    assertThat(all(VARIABLE, paper).map(MatchResult::group)).isSubsetOf(variables);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("papers")
  void everyCommandThatIsCalledHasTheOptionsItIsGiven(Path paper) throws Exception {
    assertThat(all(CALL, paper)).allSatisfy(DocsTest::assertIsCommand);
  }

  @Test
  void theTableListsEveryCommandWithOptionsItHas() throws Exception {
    Path readme = Path.of("README.md");
    assertThat(all(TABLE_ROW, readme)).allSatisfy(DocsTest::assertIsCommand);
    assertThat(all(TABLE_ROW, readme).map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(Main.commandLine().getSubcommands().keySet());
  }

  private static void assertIsCommand(MatchResult call) {
    CommandLine command = Main.commandLine().getSubcommands().get(call.group(1));
    assertThat(command).as("command %s", call.group(1)).isNotNull();
    Set<String> options = command.getCommandSpec().optionsMap().keySet();
    assertThat(OPTION.matcher(call.group(2)).results().map(MatchResult::group)).isSubsetOf(options);
  }

  private static void assertExists(Path file) {
    Path normal = file.normalize();
    assertThat(normal).as("within the project").startsWithRaw(ROOT);
    assertThat(normal).exists();
  }

  private static Stream<ConfigKey<?>> keys() {
    return Stream.concat(CameraKeys.ALL.stream(), MasterKeys.ALL.stream());
  }

  private static Stream<MatchResult> all(Pattern pattern, Path paper) throws IOException {
    return pattern.matcher(Files.readString(ROOT.resolve(paper))).results().toList().stream();
  }
}

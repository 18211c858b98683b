package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java that the papers show is the Java that the build compiles and runs. */
class ExamplesTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");
  private static final Pattern REGION =
      Pattern.compile("(?ms)^ *// example: [a-z-]+\\n(.*?)^ *// end$");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/embedding.md"})
  void everyBlockIsARegionOfACompiledFile(String paper) throws Exception {
    List<String> blocks = all(BLOCK, ROOT.resolve(paper));
    assertThat(blocks).isNotEmpty();
    assertThat(regions()).containsAll(blocks);
  }

  @Test
  void everyRegionIsShown() throws Exception {
    Set<String> shown = new HashSet<>(all(BLOCK, ROOT.resolve("README.md")));
    shown.addAll(all(BLOCK, ROOT.resolve("docs/embedding.md")));
    assertThat(shown).containsAll(regions());
  }

  private static List<String> regions() throws IOException {
    List<String> regions = new ArrayList<>();
    for (String folder : List.of("camera-core/src/it", "camera-core/bridge/src/test")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          all(REGION, file).stream()
              .map(region -> region.stripTrailing().stripIndent() + "\n")
              .forEach(regions::add);
        }
      }
    }
    return regions;
  }

  private static List<String> all(Pattern pattern, Path file) throws IOException {
    return pattern.matcher(Files.readString(file)).results().map(match -> match.group(1)).toList();
  }
}

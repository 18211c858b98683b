package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The program as it is shipped: one file. */
class JarIT {

  private static final Path JAR =
      Path.of(System.getProperty("raspberryspy.jar", "target/raspberryspy.jar"));
  private static final long MOST_READ = 4 << 20;

  /** Netty tries its TLS library with keys of its own, which open nothing. */
  private static final String NETTYS_TRIAL = "io/netty/handler/ssl/";

  private static final Pattern KEY =
      Pattern.compile("PRIVATE KEY-----\\s*[A-Za-z0-9+/]{20}|AKIA[0-9A-Z]{16}");

  @Test
  void noKeyIsInIt() throws Exception {
    List<String> found = new ArrayList<>();
    int read = 0;
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        String name = entry.getName();
        if (name.matches("(?i).*\\.(p12|pfx|jks|keystore|pem|key)")) {
          found.add(name);
        } else if (!entry.isDirectory() && entry.getSize() < MOST_READ) {
          byte[] bytes = jar.getInputStream(entry).readAllBytes();
          read++;
          if (!name.startsWith(NETTYS_TRIAL)
              && KEY.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).find()) {
            found.add(name);
          }
        }
      }
    }
    assertThat(found).isEmpty();
    assertThat(read).isGreaterThan(1000);
  }

  /** Else two builds of the same sources would differ; libraries bring their own times. */
  @Test
  void allThatIsOursIsOfOneTime() throws Exception {
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      assertThat(
              Collections.list(jar.entries()).stream()
                  .filter(entry -> entry.getName().matches("io/github/raspberryspy/.*\\.class"))
                  .map(ZipEntry::getTimeLocal)
                  .distinct())
          .hasSize(1);
    }
  }
}

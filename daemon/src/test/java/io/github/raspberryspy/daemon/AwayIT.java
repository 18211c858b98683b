package io.github.raspberryspy.daemon;

import static io.github.raspberryspy.daemon.Browser.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page through reverse proxies that are set up as docs/away.md says. */
class AwayIT {

  private static final Path DOCS = Path.of("").toAbsolutePath().resolveSibling("docs/away.md");

  @TempDir Path folder;

  /** A proxy that runs, and where the page is behind it. */
  private record Proxy(Process process, URI page) implements AutoCloseable {
    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  @Test
  void thePageWorksThroughHaproxyUnderAPathAndThroughNginx() throws Exception {
    Tools.need("chromium", "chromedriver", "haproxy", "nginx", "openssl");
    certificate();
    try (Program demo = Program.demo(folder, "--segment", "2s", "--cameras", "1");
        Browser browser = Browser.open()) {
      URI link = demo.signInLink();
      try (Proxy proxy = haproxy(link.getPort())) {
        use(browser, proxy, link);
      }
      try (Proxy proxy = nginx(link.getPort())) {
        use(browser, proxy, link);
      }
    }
  }

  private static void use(Browser browser, Proxy proxy, URI link) {
    browser.driver().get(proxy.page().resolve("sign-in?" + link.getRawQuery()).toString());
    eventually().until(() -> browser.driver().getCurrentUrl().equals(proxy.page().toString()));
    assertThat(browser.driver().manage().getCookies())
        .anySatisfy(cookie -> assertThat(cookie.getName()).startsWith("__Host-raspberryspy"));
    eventually()
        .until(
            () -> browser.scripts().executeScript("return document.documentElement.dataset.link"),
            "live"::equals);
    eventually().until(() -> browser.all("[data-testid=camera-card][data-live=true]").size() == 1);
    eventually().until(() -> browser.segmentsOfFirstRow() >= 1);
    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.HOME, Keys.ENTER);
    eventually()
        .until(
            () ->
                (Boolean)
                    browser
                        .scripts()
                        .executeScript(
                            "return [...document.querySelectorAll('.player video')]"
                                + ".some(v => v.currentTime > 0.2 && !v.error)"));
    Object range =
        browser
            .scripts()
            .executeAsyncScript(
                """
                const done = arguments[0];
                const id = document.querySelector('.player').dataset.segment;
                fetch(`api/v1/segments/${id}/video`, { headers: { Range: 'bytes=4-7' } })
                  .then(async (r) => done(`${r.status} ${await r.text()}`), (e) => done(String(e)));
                """);
    assertThat(range).isEqualTo("206 ftyp");
    assertThat(browser.complaints()).isEmpty();
    browser.driver().get("about:blank"); // the proxy ends next
  }

  private void certificate() throws Exception {
    Program.tool(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-keyout",
        folder.resolve("cams.key").toString(),
        "-out",
        folder.resolve("chain.pem").toString());
    Files.writeString(
        folder.resolve("cams.pem"),
        Files.readString(folder.resolve("chain.pem"))
            + Files.readString(folder.resolve("cams.key")));
  }

  /** What the docs say, with our ports and files. */
  private String config(String program, int port, int master) throws IOException {
    Matcher block =
        Pattern.compile("(?s)```" + program + "\n(.*?)```").matcher(Files.readString(DOCS));
    assertThat(block.find()).isTrue();
    return block
        .group(1)
        .replace(":443", "127.0.0.1:" + port)
        .replace("listen 443", "listen 127.0.0.1:" + port)
        .replace("127.0.0.1:8470", "127.0.0.1:" + master)
        .replace("/etc/ssl", folder.toString());
  }

  private Proxy haproxy(int master) throws Exception {
    int port = Tools.freePort();
    Path config = folder.resolve("haproxy.cfg");
    Files.writeString(config, config("haproxy", port, master));
    return start(port, "cams/", List.of("haproxy", "-db", "-f", config.toString()));
  }

  private Proxy nginx(int master) throws Exception {
    int port = Tools.freePort();
    Path config = folder.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon off;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx.log;
        events {}
        http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        %2$s
        }
        """
            .formatted(folder, config("nginx", port, master)));
    return start(port, "", List.of("nginx", "-c", config.toString()));
  }

  private Proxy start(int port, String path, List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(command.get(0) + ".out").toFile())
            .start();
    eventually().until(() -> connects(port));
    return new Proxy(process, URI.create("https://localhost:" + port + "/" + path));
  }

  private static boolean connects(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    }
  }
}

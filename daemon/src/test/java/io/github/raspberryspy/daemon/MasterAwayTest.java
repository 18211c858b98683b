package io.github.raspberryspy.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.raspberryspy.daemon.config.AwayConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** F32: the master is dead, and the camera says so by itself. */
class MasterAwayTest {

  private final List<String> told = new CopyOnWriteArrayList<>();
  private volatile int answer = 200;
  private boolean isConnected = true;
  private long nanos = Long.MAX_VALUE - 1000; // wraps soon
  private HttpServer receiver;
  private MasterAway away;

  @BeforeEach
  void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/home",
        exchange -> {
          told.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    receiver.start();
    URI url = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/home");
    away =
        new MasterAway(
            "front", new AwayConfig(url, Duration.ofMinutes(10)), () -> isConnected, () -> nanos);
  }

  @AfterEach
  void stop() {
    away.close();
    receiver.stop(0);
  }

  private void pass(Duration time) {
    for (long second = 0; second < time.toSeconds(); second++) {
      nanos += Duration.ofSeconds(1).toNanos();
      away.look();
    }
  }

  @Test
  void aMasterThatIsAwayForLongIsToldOnceAndSoIsItsReturn() {
    pass(Duration.ofMinutes(30));
    isConnected = false;
    pass(Duration.ofMinutes(9));
    assertThat(told).isEmpty();
    pass(Duration.ofHours(3));
    assertThat(told)
        .containsExactly(
            "Camera front has not reached its master for 10 min."
                + " It records on, and keeps what it films.");
    isConnected = true;
    pass(Duration.ofMinutes(5));
    assertThat(told).hasSize(2).last().isEqualTo("Camera front reaches its master again.");
  }

  @Test
  void aMasterThatComesAndGoesIsNotAway() {
    for (int i = 0; i < 10; i++) {
      isConnected = false;
      pass(Duration.ofMinutes(8));
      isConnected = true;
      pass(Duration.ofSeconds(2));
    }
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsNotTakenIsToldAgainWithinAMinuteOfTheOtherSidesReturn() {
    answer = 503;
    isConnected = false;
    pass(Duration.ofHours(2));
    int tries = told.size();
    assertThat(tries).isBetween(110, 1500);
    answer = 200;
    pass(Duration.ofMinutes(1));
    assertThat(told).hasSize(tries + 1);
    pass(Duration.ofHours(1));
    assertThat(told).hasSize(tries + 1);
  }
}

package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.daemon.chaos.Stage.Camera;
import io.github.raspberryspy.segments.faults.Toxic;
import java.time.Duration;
import java.util.Random;

/** What goes wrong between cameras and master. */
final class Network {

  private final Stage stage;
  private final History history;
  private final Random random;

  Network(Stage stage, History history, Random random) {
    this.stage = stage;
    this.history = history;
    this.random = random;
  }

  private Camera pick() {
    return stage.cameras().get(random.nextInt(stage.cameras().size()));
  }

  private void broken(String what) {
    history.add(new Seen.Broken(what));
  }

  void poison() {
    Camera camera = pick();
    Toxic up = toxic(random);
    Toxic down = toxic(random);
    camera.proxy.upstream(up);
    camera.proxy.downstream(down);
    broken("between " + camera.name + " and the master: " + up + " up, " + down + " down");
  }

  /** One of the six, as bad as is drawn. */
  static Toxic toxic(Random random) {
    return switch (random.nextInt(6)) {
      case 0 ->
          new Toxic.Latency(
              Duration.ofMillis(random.nextInt(500)), Duration.ofMillis(random.nextInt(200)));
      case 1 -> new Toxic.Bandwidth(8_000 + random.nextInt(100_000));
      case 2 -> new Toxic.SlowClose(Duration.ofMillis(random.nextInt(3000)));
      case 3 -> new Toxic.Timeout(Duration.ofMillis(1 + random.nextInt(2000)));
      case 4 -> new Toxic.Slicer(200, 190, Duration.ofNanos(100_000));
      default -> new Toxic.LimitData(random.nextInt(200_000));
    };
  }

  void part() throws InterruptedException {
    Camera camera = pick();
    broken("camera " + camera.name + " is cut off");
    if (random.nextBoolean()) {
      camera.proxy.refuse(true);
      camera.proxy.cut();
    } else {
      camera.proxy.upstream(new Toxic.Timeout(Duration.ZERO));
      camera.proxy.downstream(new Toxic.Timeout(Duration.ZERO));
    }
    Stage.pause(random.nextInt(6000));
    camera.proxy.heal();
  }

  void cut() {
    Camera camera = pick();
    camera.proxy.cut();
    broken("the connections of camera " + camera.name + " are reset");
  }

  void heal() {
    stage.cameras().forEach(camera -> camera.proxy.heal());
    broken("nothing: the network works");
  }
}

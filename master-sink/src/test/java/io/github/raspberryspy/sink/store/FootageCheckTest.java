package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.store.FootageCheck.Fault;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check beside a master that changes what is looked at. */
class FootageCheckTest {

  @TempDir Path folder;
  private final Clip clip = Footage.recorded("front", 0, 3000);
  private final List<Fault> faults = new ArrayList<>();

  @FunctionalInterface
  private interface Change {
    void happens() throws Exception;
  }

  /** The folder's files, of which something changes between the first look and the second. */
  private static FootageFiles changing(FootageFiles files, Change change) {
    List<Object> looks = new ArrayList<>();
    return (FootageFiles)
        Proxy.newProxyInstance(
            FootageFiles.class.getClassLoader(),
            new Class<?>[] {FootageFiles.class},
            (proxy, method, arguments) -> {
              Object answer = invoke(method, files, arguments);
              if (method.getName().equals("list") && arguments[0].toString().startsWith("front")) {
                looks.add(arguments[0]);
                if (looks.size() == 1) {
                  change.happens();
                }
              }
              return answer;
            });
  }

  private static Object invoke(Method method, Object on, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private StoreLife life() throws Exception {
    Path root = folder.resolve("footage");
    MasterSecret secret = MasterSecret.openOrCreate(FootageFolder.open(root).internals());
    return new StoreLife(root, folder.resolve("index.db"), secret);
  }

  private void check(StoreLife life, Change change) throws Exception {
    FootageFiles files = FootageFolder.open(folder.resolve("footage")).files();
    new FootageCheck(changing(files, change), life.index, Clock.systemUTC(), faults::add)
        .run(Set::of);
  }

  private Path video(StoreLife life) {
    StoredSegment row = life.index.find(clip.id()).orElseThrow();
    return folder.resolve("footage").resolve(row.path());
  }

  @Test
  void whatIsThereTheSecondTimeIsNoFault() throws Exception {
    try (StoreLife life = life()) {
      life.upload(clip);
      Path video = video(life);
      Path aside = Files.move(video, folder.resolve("aside"));
      check(life, () -> Files.move(aside, video));
      assertThat(faults).isEmpty();
      Files.move(video, aside);
      check(life, () -> {});
      assertThat(faults).hasSize(1);
    }
  }

  @Test
  void whatIsDeletedMeanwhileIsNotMissing() throws Exception {
    try (StoreLife life = life()) {
      life.upload(clip);
      Files.delete(video(life));
      check(life, () -> assertThat(life.store.delete(clip.id(), "test")).isTrue());
      assertThat(faults).isEmpty();
    }
  }

  @Test
  void uploadsThatEndMeanwhileLeaveNothing() throws Exception {
    try (StoreLife life = life()) {
      FootageFiles files = FootageFolder.open(folder.resolve("footage")).files();
      Fault passing = new Fault("one", "is half gone");
      Fault staying = new Fault("other", "is gone");
      List<Set<Fault>> looks = new ArrayList<>(List.of(Set.of(staying)));
      looks.add(new HashSet<>(Set.of(passing, staying)));
      new FootageCheck(files, life.index, Clock.systemUTC(), faults::add)
          .run(() -> looks.remove(looks.size() - 1));
      assertThat(faults).containsExactly(staying);
    }
  }
}

package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.sink.event.MasterEvent.MasterTrouble;
import io.github.raspberryspy.sink.store.FootageFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The footage's disk is missing (F12). Mounting one takes the rights of the superuser. */
@Timeout(120)
class StoreIdentityTest {

  @TempDir Path folder;

  @AfterEach
  void unmount() throws Exception {
    for (String name : List.of("footage", "disk")) {
      if (Files.exists(folder.resolve(name))) {
        run("umount", "-l", folder.resolve(name).toString());
      }
    }
  }

  @Test
  void aMissingMountIsRefusedAtTheStartAndNothingIsWrittenBeneath() throws Exception {
    Path footage = mounted("footage");
    Path notes = folder.resolve("notes");
    MasterConfig config =
        MasterConfig.into(footage).listen("127.0.0.1", 0).minFreeBytes(0).notes(notes).build();
    MasterServer.start(config).close();
    assertThat(run("umount", footage.toString())).isTrue();

    assertThatThrownBy(() -> MasterServer.start(config))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("footage folder " + footage + " has no footage id, but had one")
        .hasMessageContaining("is its disk mounted?")
        .hasMessageContaining(notes.toString());
    assertThatThrownBy(() -> MasterServer.credentialFor(config, "front"))
        .hasMessageContaining("is its disk mounted?");

    assertThat(files(footage)).isEmpty();
  }

  @Test
  void aMountThatGoesAwayStopsEverythingUntilItIsBack() throws Exception {
    Path disk = mounted("disk");
    Path footage = Files.createDirectory(folder.resolve("footage"));
    assertThat(run("mount", "--bind", disk.toString(), footage.toString())).isTrue();
    List<MasterTrouble> troubles = new CopyOnWriteArrayList<>();
    try (TestMaster master = TestMaster.start(footage, m -> m.minFreeBytes(0))) {
      master
          .server()
          .listen(
              event -> {
                if (event instanceof MasterTrouble trouble) {
                  troubles.add(trouble);
                }
              });
      TestCamera front = master.camera("front");
      TestPerson person = new TestPerson(master.server());
      String first = front.begin(Footage.clip("front", 0, 500));
      front.upload(Footage.clip("front", 1, 500));
      assertThat(run("umount", "-l", footage.toString())).isTrue();

      assertThat(front.create(Footage.clip("front", 2, 500)).statusCode()).isEqualTo(503);
      assertThat(front.patch(first, 0, new byte[10]).statusCode()).isEqualTo(503);
      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(
              () ->
                  assertThat(troubles)
                      .extracting(MasterTrouble::kind, MasterTrouble::ended)
                      .containsExactly(tuple("footage-away", false)));
      assertThat(person.get("/api/v1/troubles").get(0).get("sentence").asText())
          .contains("is its disk still mounted?");
      assertThat(files(footage)).isEmpty();

      assertThat(run("mount", "--bind", disk.toString(), footage.toString())).isTrue();
      front.upload(Footage.clip("front", 2, 500));
      front.fill(first, Footage.clip("front", 0, 500), 1 << 20);
      await().untilAsserted(() -> assertThat(troubles.get(troubles.size() - 1).ended()).isTrue());
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isEqualTo(2);
    }
  }

  @Test
  void anotherDiskIsRefusedAndAnEmptiedFolderIsBegunAnew() throws Exception {
    Path footage = folder.resolve("plain");
    Path notes = folder.resolve("notes");
    MasterConfig config =
        MasterConfig.into(footage).listen("127.0.0.1", 0).minFreeBytes(0).notes(notes).build();
    MasterServer.start(config).close();
    Path id = footage.resolve(".raspberryspy/footage-id");
    String own = Files.readString(id);
    Files.writeString(id, "00000000-0000-0000-0000-000000000000\n");
    assertThatThrownBy(() -> MasterServer.start(config))
        .hasMessageContaining("is another one than before: is the right disk mounted?");

    Files.writeString(id, own);
    MasterServer.start(config).close();
    Files.delete(id);
    MasterServer.start(config).close();
    assertThat(Files.readString(id)).isNotEqualTo(own);
  }

  @Test
  void theIdOfANewFolderIsDrawnOnceHoweverManyOpenIt() throws Exception {
    List<FootageFolder> opened = new CopyOnWriteArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 8; i++) {
      threads.execute(
          () -> {
            try {
              opened.add(FootageFolder.open(folder.resolve("new")));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(opened).hasSize(8).allMatch(footage -> footage.identity().isHere());
  }

  private Path mounted(String name) throws Exception {
    Path disk = Files.createDirectory(folder.resolve(name));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=50m", "raspberryspy-test", disk.toString()),
        "a file system cannot be mounted here");
    return disk;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }
}

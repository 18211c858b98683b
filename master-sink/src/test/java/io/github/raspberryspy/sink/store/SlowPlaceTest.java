package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A place of the footage that takes its time over one segment of a camera. */
@Timeout(60)
class SlowPlaceTest {

  private static final int MOST = 3;

  @TempDir Path root;
  private final Clip slow = Footage.clip("front", 0, 900);
  private final Clip next = Footage.clip("front", 1, 800);
  private final Clip third = Footage.clip("front", 2, 700);
  private final CountDownLatch placing = new CountDownLatch(1);
  private final CountDownLatch placed = new CountDownLatch(1);
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final Events events = new Events();
  private SegmentIndex index;
  private SegmentStore store;

  @BeforeEach
  void open() throws Exception {
    FootageFolder folder = FootageFolder.open(root);
    index = SegmentIndex.open(folder.index());
    SegmentStore.Parts parts =
        new SegmentStore.Parts(
            folder,
            slowly(folder.files()),
            MasterSecret.openOrCreate(folder.internals()),
            index,
            events,
            new DiskSpace(root, 0),
            Clock.systemUTC());
    store = SegmentStore.open(parts, SealStep.Probe.NONE, new SegmentLocks(Duration.ofMillis(50)));
  }

  @AfterEach
  void close() {
    placed.countDown();
    others.shutdownNow();
    store.close();
    index.close();
    events.close();
  }

  /** The folder's files, of which the first segment is not placed before it may be. */
  private FootageFiles slowly(FootageFiles files) {
    String name = slow.manifest().name().toString();
    return (FootageFiles)
        Proxy.newProxyInstance(
            FootageFiles.class.getClassLoader(),
            new Class<?>[] {FootageFiles.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("mostAtOnce")) {
                return MOST;
              }
              if (method.getName().equals("place") && arguments[1].toString().contains(name)) {
                placing.countDown();
                placed.await();
              }
              return invoke(method, files, arguments);
            });
  }

  private static Object invoke(Method method, Object on, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private String fill(Clip clip) throws IOException {
    UploadStatus upload =
        store.create("front", new UploadClaim(clip.id(), clip.manifest().content()));
    store.append("front", upload.token(), 0, ByteBuffer.wrap(clip.bytes()));
    return upload.token();
  }

  private Receipt seal(Clip clip) throws IOException {
    return store.seal("front", fill(clip), clip.manifest());
  }

  @Test
  void theOtherSegmentsOfItsCameraAreSealedSavedAndDeletedMeanwhile() throws Exception {
    seal(next);
    Future<Receipt> first = others.submit(() -> seal(slow));
    placing.await();

    seal(third);
    store.save(next.id(), true);
    assertThat(store.delete(third.id(), "test")).isTrue();
    UploadStatus open = store.createOpen("front", Footage.clip("front", 7, 900).id());
    assertThat(store.append("front", open.token(), 0, ByteBuffer.wrap(new byte[9])).offset())
        .isEqualTo(9);

    assertThat(first.isDone()).isFalse();
    assertThat(index.find(slow.id())).as("not before it is placed").isEmpty();
    placed.countDown();
    assertThat(first.get().id()).isEqualTo(slow.id());
    assertThat(index.find(slow.id())).isPresent();
  }

  @Test
  void noMoreThanSoManyWaitForItAndTheOthersAreToldAtOnce() throws Exception {
    String token = fill(slow);
    String other = fill(next);
    List<Future<Receipt>> waiting = new ArrayList<>();
    waiting.add(others.submit(() -> store.seal("front", token, slow.manifest())));
    placing.await();
    List<Future<Receipt>> all = new ArrayList<>(waiting);
    for (int i = 0; i < 3 * MOST; i++) {
      all.add(others.submit(() -> store.seal("front", token, slow.manifest())));
    }
    await() // the first one remains, and those that wait for the same upload
        .until(() -> all.stream().filter(Future::isDone).count() == 2 * MOST + 1);
    assertThat(waiting.get(0).isDone()).isFalse();
    assertThatThrownBy(() -> store.seal("front", other, next.manifest()))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.AWAY))
        .hasMessage(MOST + " requests wait for the master's disk, and no more may: ask again");

    placed.countDown();
    int receipts = 0;
    for (Future<Receipt> one : all) {
      try {
        assertThat(one.get().id()).isEqualTo(slow.id());
        receipts++;
      } catch (ExecutionException e) {
        assertThat(e.getCause())
            .isInstanceOfSatisfying(
                StoreException.class,
                s -> assertThat(s.kind()).isEqualTo(StoreException.Kind.AWAY));
      }
    }
    assertThat(receipts).isEqualTo(MOST);
    store.seal("front", other, next.manifest());
    assertThat(store.seal("front", token, slow.manifest()).id()).isEqualTo(slow.id());
  }
}

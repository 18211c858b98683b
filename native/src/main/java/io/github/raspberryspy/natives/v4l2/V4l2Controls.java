package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Memory;
import io.github.raspberryspy.natives.libc.Descriptor;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.v4l2.V4l2Layout.Control;
import io.github.raspberryspy.natives.v4l2.V4l2Layout.Controls;
import io.github.raspberryspy.natives.v4l2.V4l2Layout.QueryControl;
import io.github.raspberryspy.natives.v4l2.V4l2Layout.QueryMenu;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The controls of an open device: listed, read and set. */
public final class V4l2Controls {

  private static final int NEXT = 0x80000000;
  private static final int MOST = 2000;
  private static final int MOST_OF_A_MENU = 256;

  private final Descriptor descriptor;
  private final V4l2Layout layout = V4l2Layout.HERE;

  V4l2Controls(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** Every control, in the device's order; headings left out. */
  public List<V4l2Control> list() {
    List<V4l2Control> controls = new ArrayList<>();
    try (Memory item = V4l2Device.cleared(QueryControl.SIZE)) {
      int id = NEXT;
      for (int asked = 0; asked < MOST && query(item, id); asked++) {
        V4l2Control control = control(item);
        if (control.type() != V4l2Control.Type.HEADING) {
          controls.add(control);
        }
        id = item.getInt(QueryControl.ID) | NEXT;
      }
    }
    return controls;
  }

  /** The control with this number, if the device has it. */
  public Optional<V4l2Control> find(int id) {
    try (Memory item = V4l2Device.cleared(QueryControl.SIZE)) {
      return query(item, id) ? Optional.of(control(item)) : Optional.empty();
    }
  }

  /** The control with this {@linkplain V4l2Control#key key}, if the device has it. */
  public Optional<V4l2Control> find(String key) {
    return list().stream().filter(c -> c.key().equals(key)).findFirst();
  }

  /**
   * A control's value.
   *
   * @throws NativeException if the device refuses
   */
  public long value(V4l2Control control) {
    return exchange(Request.VIDIOC_G_EXT_CTRLS, control, 0);
  }

  /**
   * Sets a control.
   *
   * @throws NativeException if the device refuses: ERANGE or EINVAL for the value, EBUSY or EACCES
   *     for the moment
   */
  public void set(V4l2Control control, long value) {
    exchange(Request.VIDIOC_S_EXT_CTRLS, control, value);
  }

  /** Sets a control if the device has it and takes the value; says whether. */
  public boolean trySet(int id, long value) {
    return find(id)
        .filter(V4l2Control::isWritable)
        .map(control -> tryExchange(Request.VIDIOC_S_EXT_CTRLS, control, value).isPresent())
        .orElse(false);
  }

  /** Whether an error says that there is no such thing. */
  static boolean isRefusal(int error) {
    return error == Errno.EINVAL.number() || error == Errno.ENOTTY.number();
  }

  private boolean query(Memory item, int id) {
    item.clear();
    item.setInt(QueryControl.ID, id);
    int error = descriptor.tryIoctl(Request.VIDIOC_QUERY_EXT_CTRL.number(), item);
    if (error != 0 && !isRefusal(error)) {
      throw refused(Request.VIDIOC_QUERY_EXT_CTRL, error);
    }
    return error == 0;
  }

  private V4l2Control control(Memory item) {
    int id = item.getInt(QueryControl.ID);
    V4l2Control.Type type = V4l2Control.Type.of(item.getInt(QueryControl.TYPE));
    long minimum = item.getLong(QueryControl.MINIMUM);
    long maximum = item.getLong(QueryControl.MAXIMUM);
    return new V4l2Control(
        id,
        V4l2Device.text(item, QueryControl.NAME, QueryControl.NAME_BYTES),
        type,
        minimum,
        maximum,
        item.getLong(QueryControl.STEP),
        item.getLong(QueryControl.DEFAULT),
        item.getInt(QueryControl.FLAGS),
        menu(id, type, minimum, maximum));
  }

  private Map<Integer, String> menu(int id, V4l2Control.Type type, long first, long last) {
    Map<Integer, String> menu = new TreeMap<>();
    if (type == V4l2Control.Type.MENU || type == V4l2Control.Type.INTEGER_MENU) {
      try (Memory item = V4l2Device.cleared(QueryMenu.SIZE)) {
        for (long i = first; i <= last && i - first < MOST_OF_A_MENU; i++) {
          item.clear();
          item.setInt(QueryMenu.ID, id);
          item.setInt(QueryMenu.INDEX, (int) i);
          if (descriptor.tryIoctl(Request.VIDIOC_QUERYMENU.number(), item) == 0) {
            menu.put((int) i, menuText(item, type));
          }
        }
      }
    }
    return menu;
  }

  private static String menuText(Memory item, V4l2Control.Type type) {
    return type == V4l2Control.Type.INTEGER_MENU
        ? Long.toString(item.getLong(QueryMenu.NAME))
        : V4l2Device.text(item, QueryMenu.NAME, QueryMenu.NAME_BYTES);
  }

  private long exchange(Request request, V4l2Control control, long value) {
    int[] error = new int[1];
    return tryExchange(request, control, value, error)
        .orElseThrow(
            () ->
                new NativeException(
                    request.name(), descriptor.subject() + " " + control.key(), error[0]));
  }

  private Optional<Long> tryExchange(Request request, V4l2Control control, long value) {
    return tryExchange(request, control, value, new int[1]);
  }

  private Optional<Long> tryExchange(
      Request request, V4l2Control control, long value, int[] error) {
    try (Memory head = V4l2Device.cleared(layout.controlsSize());
        Memory item = V4l2Device.cleared(Control.SIZE)) {
      head.setInt(Controls.WHICH, 0); // the current values, of any class
      head.setInt(Controls.COUNT, 1);
      head.setPointer(layout.controlsPointer(), item);
      item.setInt(Control.ID, control.id());
      boolean isLong = control.type() == V4l2Control.Type.INTEGER64;
      if (isLong) {
        item.setLong(Control.VALUE, value);
      } else {
        item.setInt(Control.VALUE, (int) value);
      }
      error[0] = descriptor.tryIoctl(request.number(), head);
      if (error[0] != 0) {
        return Optional.empty();
      }
      return Optional.of(isLong ? item.getLong(Control.VALUE) : item.getInt(Control.VALUE));
    }
  }

  private NativeException refused(Request request, int error) {
    return new NativeException(request.name(), descriptor.subject(), error);
  }
}

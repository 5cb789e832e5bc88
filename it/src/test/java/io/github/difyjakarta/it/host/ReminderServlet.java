package io.github.difyjakarta.it.host;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Uses the server's scheduler and compares records, as ordinary applications do. */
@WebServlet("/reminder")
public class ReminderServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    /** What somebody is to be reminded of. */
    public record Reminder(String text) {}

    @Resource
    @SuppressWarnings("NullAway.Init")
    private transient ManagedScheduledExecutorService scheduler;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        try {
            Reminder expected = new Reminder("order 4711");
            Reminder reminder = scheduler
                    .schedule(() -> new Reminder("order 4711"), 1, TimeUnit.MILLISECONDS)
                    .get();
            response.getWriter().print(reminder.equals(expected));
        } catch (InterruptedException | ExecutionException e) {
            throw new ServletException(e);
        }
    }
}

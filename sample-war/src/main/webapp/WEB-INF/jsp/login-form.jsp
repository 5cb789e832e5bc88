<%@ page contentType="text/html; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<form class="login" method="post" action="${pageContext.request.contextPath}/j_security_check">
  <label for="j_username">User name</label>
  <input id="j_username" name="j_username" autocomplete="username" autocapitalize="none" required autofocus>
  <label for="j_password">Password</label>
  <input id="j_password" name="j_password" type="password" autocomplete="current-password" required>
  <button type="submit" id="login">Log in</button>
</form>

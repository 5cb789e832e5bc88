<%@ tag pageEncoding="UTF-8" body-content="scriptless" trimDirectiveWhitespaces="true" %>
<%@ attribute name="title" required="true" %>
<%@ attribute name="tab" required="true" %>
<%@ attribute name="head" fragment="true" %>
<%@ taglib prefix="c" uri="jakarta.tags.core" %>
<c:set var="base" value="${pageContext.request.contextPath}"/>
<c:set var="user" value="${pageContext.request.userPrincipal}"/>
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title><c:out value="${title}"/> - Order Desk</title>
  <link rel="icon" href="${base}/static/icon.svg">
  <link rel="stylesheet" href="${base}/static/orderdesk.css">
  <jsp:invoke fragment="head"/>
</head>
<body>
  <header class="banner">
    <p class="brand">Norland Trading <span>Order Desk</span></p>
    <c:if test="${user != null}">
      <form class="session" method="post" action="${base}/logout">
        Logged in as <strong id="user"><c:out value="${user.name}"/></strong>
        <button type="submit" id="logout">Log out</button>
      </form>
    </c:if>
  </header>
  <c:if test="${user != null}">
    <nav class="tabs" aria-label="Main">
      <a href="${base}/orders" ${tab == 'orders' ? 'aria-current="page"' : ''}>Orders</a>
      <a href="${base}/customers" ${tab == 'customers' ? 'aria-current="page"' : ''}>Customers</a>
      <a href="${base}/chat.jsp" ${tab == 'chat' ? 'aria-current="page"' : ''}>Ask the assistant</a>
    </nav>
  </c:if>
  <main>
    <h1><c:out value="${title}"/></h1>
    <jsp:doBody/>
  </main>
  <footer>Norland Trading &middot; Order Desk 3.2 &middot; internal use only</footer>
</body>
</html>

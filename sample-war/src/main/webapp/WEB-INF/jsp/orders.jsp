<%@ page contentType="text/html; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<%@ taglib prefix="c" uri="jakarta.tags.core" %>
<%@ taglib prefix="fmt" uri="jakarta.tags.fmt" %>
<%@ taglib prefix="t" tagdir="/WEB-INF/tags" %>
<fmt:setLocale value="en_GB"/>
<t:page title="Orders" tab="orders">
  <table>
    <thead>
      <tr><th>Order</th><th>Date</th><th>Customer</th><th>City</th><th>Status</th><th class="number">Total, EUR</th></tr>
    </thead>
    <tbody>
      <c:forEach items="${orders}" var="order">
        <tr>
          <td><a href="${pageContext.request.contextPath}/order?number=${order.number()}">${order.number()}</a></td>
          <td>${order.date()}</td>
          <td><c:out value="${order.customer().name()}"/></td>
          <td><c:out value="${order.customer().city()}"/></td>
          <td><span class="status" data-status="${order.status()}">${order.status().label()}</span></td>
          <td class="number"><fmt:formatNumber value="${order.total()}" minFractionDigits="2" maxFractionDigits="2"/></td>
        </tr>
      </c:forEach>
    </tbody>
  </table>
  <p class="hint">The same list for spreadsheets: <a href="${pageContext.request.contextPath}/orders.json">orders.json</a></p>
</t:page>

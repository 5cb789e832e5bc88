<%@ page contentType="text/html; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<%@ taglib prefix="c" uri="jakarta.tags.core" %>
<%@ taglib prefix="fmt" uri="jakarta.tags.fmt" %>
<%@ taglib prefix="t" tagdir="/WEB-INF/tags" %>
<fmt:setLocale value="en_GB"/>
<c:set var="manager" value="${pageContext.request.isUserInRole('manager')}"/>
<t:page title="Customers" tab="customers">
  <table>
    <thead>
      <tr>
        <th>Number</th><th>Name</th><th>City</th><th>Contact</th>
        <c:if test="${manager}"><th class="number">Credit limit, EUR</th></c:if>
      </tr>
    </thead>
    <tbody>
      <c:forEach items="${customers}" var="customer">
        <tr>
          <td><c:out value="${customer.id()}"/></td>
          <td><c:out value="${customer.name()}"/></td>
          <td><c:out value="${customer.city()}"/></td>
          <td><c:out value="${customer.contact()}"/></td>
          <c:if test="${manager}">
            <td class="number"><fmt:formatNumber value="${customer.creditLimit()}"/></td>
          </c:if>
        </tr>
      </c:forEach>
    </tbody>
  </table>
  <c:if test="${!manager}"><p class="hint">Credit limits are shown to managers only.</p></c:if>
</t:page>

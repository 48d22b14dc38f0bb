namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/standards</c>: the city's standards in table order; public.</summary>
public sealed record StandardsView(IReadOnlyList<StandardView> Standards);

/// <summary>One line of the city's standards (立案结案标准).</summary>
/// <param name="Key">class-item-n; the value of <see cref="WhistleRequest.Standard"/>.</param>
/// <param name="Condition">The filing condition (立案条件).</param>
/// <param name="Closing">The closing condition (结案条件).</param>
/// <param name="Limit">The limit of 办结, in Chinese.</param>
/// <param name="LimitEn">The same in English.</param>
/// <param name="Category">The whistle category it maps to. Null: it applies only if a whistle names it.</param>
public sealed record StandardView(
    string Key, string Class, string ClassName, string Item, string ItemName, string Condition, string Closing, string Limit, string LimitEn, string? Category);

namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/standards</c>: the city's standards in the order of its table; public.</summary>
public sealed record StandardsView(IReadOnlyList<StandardView> Standards);

/// <summary>One line of the city's standards (立案结案标准).</summary>
/// <param name="Key">class-item-n; what <see cref="WhistleRequest.Standard"/> names.</param>
/// <param name="Condition">When a matter is filed under it (立案条件).</param>
/// <param name="Closing">What closes it (结案条件).</param>
/// <param name="Limit">How long 办结 may take, in Chinese.</param>
/// <param name="LimitEn">The same in English.</param>
/// <param name="Category">The whistle category that it is mapped to. Null: it changes no clock unless a whistle names it.</param>
public sealed record StandardView(
    string Key, string Class, string ClassName, string Item, string ItemName, string Condition, string Closing, string Limit, string LimitEn, string? Category);

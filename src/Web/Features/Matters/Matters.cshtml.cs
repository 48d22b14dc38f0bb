using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Matters;

/// <summary>What one owes, the matters one may see, and a new one.</summary>
public sealed class MattersModel : StaffPageModel;

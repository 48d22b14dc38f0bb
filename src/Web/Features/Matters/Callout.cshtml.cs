using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Matters;

/// <summary>叫应: who has answered a warning or a drill, minute by minute, and a new one.</summary>
public sealed class CalloutModel : StaffPageModel;

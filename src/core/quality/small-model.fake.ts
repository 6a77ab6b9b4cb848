/** A model of one support vector, in the form of the published ones. */
export const smallModel: Readonly<Record<string, object>> = {
  model_dict: {
    model_type: "LIBSVMNUSVR",
    norm_type: "linear_rescale",
    feature_names: ["adm2", "motion2", "vif_scale0", "vif_scale1", "vif_scale2", "vif_scale3"],
    slopes: [0.01, 1, 0, 0, 0, 0, 0],
    intercepts: [0, 0, 0, 0, 0, 0, 0],
    model: "svm_type nu_svr\nkernel_type rbf\ngamma 2\nnr_class 2\ntotal_sv 1\nrho 0\nSV\n1 1:1 \n",
  },
};
